import type { SchemaStatus } from '@preceptor/core'
import type { Command, CommandCall, ExitCode } from '../command.ts'
import { describePlace, PLACE_FLAGS, placeOf } from '../place.ts'
import { loadPlugins } from '../plugins.ts'

const EXPLANATIONS: Readonly<Record<SchemaStatus['state'], string>> = {
  missing: 'there is no database yet; "preceptor db apply" creates it',
  current: 'current',
  older: 'older than this release; "preceptor db apply" brings it up to date',
  newer: 'newer than this release; use the newer release',
  changed: 'made by other migrations than those of this release; use the release that made it',
}

/** `preceptor db status`: fails when the database cannot be used as it is. */
export const databaseStatus: Command = {
  name: 'db status',
  words: [],
  summary: 'Say whether the database fits this release; exits 1 when it does not',
  flags: PLACE_FLAGS,
  async run(call) {
    const { readSchema } = await import('@preceptor/core')
    const status = await readSchema({ ...placeOf(call), plugins: await loadPlugins() })
    const { kind, state, pending, blocking } = status
    const json = { kind, state, pending: pending.map(({ name }) => name), blocking }
    await call.print({ text: describeStatus(call, status), json })
    return state === 'current' ? 0 : 1
  },
}

/** `preceptor db plan`: fails when the migrations cannot be applied. */
export const databasePlan: Command = {
  name: 'db plan',
  words: [],
  summary: 'List the migrations that "db apply" would apply, with their SQL under --json; exits 1 when it would fail',
  flags: PLACE_FLAGS,
  async run(call) {
    const { readSchema } = await import('@preceptor/core')
    const status = await readSchema({ ...placeOf(call), plugins: await loadPlugins() })
    await call.print({ text: `${describeStatus(call, status)}\n${describePlan(status)}`, json: status })
    return planCode(status)
  },
}

/** `preceptor db apply`. */
export const databaseApply: Command = {
  name: 'db apply',
  words: [],
  summary: 'Apply the migrations that the database lacks',
  flags: PLACE_FLAGS,
  async run(call) {
    const place = placeOf(call)
    const { applySchema } = await import('@preceptor/core')
    const applied = await applySchema({ ...place, plugins: await loadPlugins() })
    const what = applied.length === 0 ? 'nothing, the schema is current' : applied.join(', ')
    await call.print({ text: `Database   ${describePlace(place)}\nApplied    ${what}`, json: { applied } })
    return 0
  },
}

function describeStatus(call: CommandCall, { state, blocking }: SchemaStatus): string {
  const rest = blocking.length === 0 ? '' : `: ${blocking.join(', ')}`
  return `Database   ${describePlace(placeOf(call))}\nSchema     ${EXPLANATIONS[state]}${rest}`
}

function describePlan({ pending, blocking }: SchemaStatus): string {
  if (blocking.length > 0) return 'Plan       none: "db apply" would fail'
  if (pending.length === 0) return 'Plan       nothing to apply'
  return `Plan       ${pending.map(({ name }) => name).join(', ')}`
}

function planCode({ state }: SchemaStatus): ExitCode {
  return state === 'newer' || state === 'changed' ? 1 : 0
}
