import type { AccessContext, Authorizer, PluginHost } from '@preceptor/core/plugin'
import type { TrainerParts } from '../options/open-trainer-parts.ts'
import type { SessionOperation } from '../permissions/session-permissions.ts'

/** What a process takes of its machine so far. */
export interface ProcessNumbers {
  readonly cpuMs: number
  readonly memoryBytes: number
}

/** What learning sessions and analytics stand on. */
export interface SessionPorts {
  readonly context: AccessContext
  readonly authorizer: Authorizer<SessionOperation>
  readonly parts: TrainerParts
  readonly enqueue: PluginHost['enqueue']
  readonly processNumbers: () => ProcessNumbers
}
