import type { ErrorCode } from '@preceptor/client'
import type { Database } from '../database/open-database.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Ids } from '../kernel/ids.ts'

/** What the journal stands on. */
export interface JournalPorts {
  readonly database: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly failpoint: (name: 'seal.before_commit') => Promise<void>
  readonly report: (report: {
    readonly level: 'warn' | 'error'
    readonly code: ErrorCode | 'NOTICE'
    readonly message: string
  }) => void
}
