import type { Grant, Listing } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { accessOf } from '../access/authorize.ts'
import { readRecords } from '../access/read-records.ts'
import type { GovernorContext } from '../context.ts'
import { isoTime } from '../kernel/clock.ts'
import { withoutValues } from './redact-matcher.ts'
import { findGrant, listGrants } from './store.ts'

/** Reading of grants, each in the state that it has by now. */
export function readGrants(context: GovernorContext, actor: Actor): Listing<Grant> {
  const at = (): string => isoTime(context.clock.now())
  return readRecords<Grant>(context, actor, {
    name: 'grant',
    operations: { get: 'grants.get', list: 'grants.list' },
    find: (tx, id) => findGrant(tx, id, at()),
    list: (tx, query) => listGrants(tx, query, at()),
    visible: (reader, operation, grant) => (accessOf(reader, operation) === 'redacted' ? withoutValues(grant) : grant),
  })
}
