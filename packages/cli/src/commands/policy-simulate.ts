import type { JsonObject, PolicySimulation, SimulatedShift } from '@preceptor/client'
import { type Command, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { table } from '../table.ts'
import { withProgress } from '../with-progress.ts'
import { wholeNumber } from './paging.ts'

/** `preceptor policy simulate`: a file against what was decided. */
export const policySimulate: Command = {
  name: 'policy simulate',
  words: ['FILE'],
  summary: 'Say what a policy file would have changed of past decisions; exits 3 where one of them would be looser',
  flags: {
    ...CONNECTION_FLAGS,
    days: { value: '<number>', summary: 'the decisions of so many days, 1 to 30; default 7' },
    list: { value: '<number>', summary: 'how many decisions are listed, 0 to 2000; default 50' },
  },
  async run(call) {
    const [file = ''] = call.words
    const days = wholeNumber('days', textOf(call, 'days') ?? '7', { from: 1, to: 30 })
    const listed = wholeNumber('list', textOf(call, 'list') ?? '50', { from: 0, to: 2_000 })
    const { policyOf } = await import('../policy/read-policy-file.ts')
    // As it is written: the gate says itself whether it takes it.
    const document = JSON.parse(JSON.stringify(await policyOf(file))) as JsonObject
    const { scope } = await connect(call)
    const simulation = await withProgress(call, 'ruling on past decisions again', () =>
      scope.policies.simulate(document, { days, listed }),
    )
    await call.print({ text: describe(simulation), json: simulation })
    return simulation.looser > 0 ? 3 : 0
  },
}

function describe(simulation: PolicySimulation): string {
  const { from, to, total, looked, judged, unjudged, differing, looser, actions, agents, differences } = simulation
  const why = unjudged.map(({ reason, count }) => `${count} ${reason}`).join(', ')
  const [byAction, byAgent] = [
    actions.map((one) => ({ name: one.action, ...one })),
    agents.map((one) => ({ name: one.agent, ...one })),
  ]
  return [
    `${from} to ${to}: ${total} decisions, the newest ${looked} looked at, ${judged} judged${why === '' ? '' : ` (not: ${why})`}`,
    `${differing} would go another way, ${looser} of them looser`,
    ...(differing === 0
      ? []
      : [
          shifts('ACTION', byAction),
          shifts('AGENT', byAgent),
          table(
            ['DECISION', 'AT', 'AGENT', 'ACTION', 'BEFORE', 'AFTER', 'CODE', 'REASON'],
            differences.map((one) => [
              one.id,
              one.decidedAt,
              one.agent,
              one.action,
              one.before,
              one.after,
              one.code ?? '-',
              one.reason,
            ]),
          ),
        ]),
  ].join('\n\n')
}

function shifts(heading: string, rows: readonly (SimulatedShift & { readonly name: string })[]): string {
  return table(
    [heading, 'BEFORE', 'AFTER', 'DECISIONS'],
    rows.map(({ name, before, after, count }) => [name, before, after, String(count)]),
  )
}
