import { GovernanceError } from '@preceptor/client'
import {
  type Actor,
  agentFilter,
  authorize,
  inWorkspace,
  isoTime,
  parseInput,
  type TimePlace,
  type Tx,
} from '@preceptor/core/plugin'
import { z } from 'zod'
import { AGENT_TYPE_FORM } from '../agent-type.ts'
import type { LearningExport } from '../client/trainer.ts'
import type { SessionPorts } from '../ports/session-ports.ts'
import { listOldestSessions, type OldestQuery } from '../sessions/session-store.ts'
import { shownSession } from '../sessions/stored-session.ts'
import { listOldestAdaptations, shownAdaptation } from './adaptation-store.ts'
import { listOldestVersions } from './export-store.ts'
import { listOldestPredictions } from './prediction-store.ts'

type Kind = NonNullable<LearningExport['kinds']>[number]

interface Line {
  readonly place: TimePlace
  readonly value: object
}

/** A part of one kind; `only`: what is of these agents, where it is of agents at all. */
interface ExportRange extends OldestQuery {
  readonly only: readonly string[] | null
}

const PAGE = 200
const KINDS = ['sessions', 'adaptations', 'predictions', 'playbooks'] as const

const query = z.strictObject({
  kinds: z.array(z.enum(KINDS)).min(1).exactOptional(),
  agentType: z.string().regex(AGENT_TYPE_FORM).exactOptional(),
})

const PAGES: Readonly<Record<Kind, (tx: Tx, range: ExportRange) => Promise<readonly Line[]>>> = {
  sessions: async (tx, range) =>
    (await listOldestSessions(tx, range)).map((session) => ({
      place: { at: session.createdAt, id: session.id },
      value: { kind: 'session', ...shownSession(session) },
    })),
  adaptations: async (tx, range) =>
    (await listOldestAdaptations(tx, range)).map((adaptation) => ({
      place: { at: adaptation.createdAt, id: adaptation.id },
      value: { kind: 'adaptation', ...shownAdaptation(adaptation) },
    })),
  predictions: async (tx, range) =>
    (await listOldestPredictions(tx, range)).map(({ shown, state, came, settledAt }) => ({
      place: { at: shown.createdAt, id: shown.id },
      value: { kind: 'prediction', ...shown, state, came, settledAt },
    })),
  playbooks: async (tx, range) =>
    (await listOldestVersions(tx, range)).map(({ id, ...version }) => ({
      place: { at: version.createdAt, id },
      value: { kind: 'playbook', ...version },
    })),
}

/**
 * Exports what was learned up to now as JSON lines, one kind after the other, each oldest first, a page at a time as the
 * reader asks for them.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function exportLearning(
  ports: SessionPorts,
  actor: Actor,
  { signal, ...asked }: LearningExport = {},
): Promise<AsyncIterable<string>> {
  ports.authorizer.authorize(actor, 'learning.analytics.export')
  const { kinds: wanted, agentType = null } = parseInput(query, asked, 'query')
  const only = agentFilter(actor)
  const kinds = wanted ?? (only === null ? KINDS : ['sessions'])
  if (only !== null) assertOfAgents(kinds)
  if (kinds.includes('playbooks')) authorize(actor, 'playbooks.versions')
  const until = isoTime(ports.context.clock.now())
  const each = [...new Set(kinds)]
  return linesOf(ports, { workspace: actor.workspace, kinds: each, agentType, only, until, signal })
}

/** What a type has learned is of no single agent. */
function assertOfAgents(kinds: readonly Kind[]): void {
  if (kinds.every((kind) => kind === 'sessions')) return
  throw new GovernanceError('PERMISSION_DENIED', {
    message:
      'Who is bound to some agents exports their sessions, and not what their types have learned from all of them.',
  })
}

async function* linesOf(
  { context: { database } }: SessionPorts,
  {
    workspace,
    kinds,
    agentType,
    only,
    until,
    signal,
  }: {
    readonly workspace: string
    readonly kinds: readonly Kind[]
    readonly agentType: string | null
    readonly only: readonly string[] | null
    readonly until: string
    readonly signal: AbortSignal | undefined
  },
): AsyncGenerator<string, void, undefined> {
  for (const kind of kinds) {
    let after: TimePlace | null = null
    for (;;) {
      signal?.throwIfAborted()
      const range: ExportRange = { agentType, only, after, until, limit: PAGE }
      const rows: readonly Line[] = await inWorkspace(database, { workspace }, (tx) => PAGES[kind](tx, range))
      const page = rows.slice(0, PAGE)
      if (page.length > 0) yield page.map(({ value }) => `${JSON.stringify(value)}\n`).join('')
      if (rows.length <= PAGE) break
      after = page.at(-1)?.place ?? null
    }
  }
}
