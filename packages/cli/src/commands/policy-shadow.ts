import type { ShadowCounts, ShadowReport } from '@preceptor/client'
import { type Command, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { table } from '../table.ts'
import { withProgress } from '../with-progress.ts'

/** `preceptor policy shadow`: what enforcing would have done. */
export const policyShadow: Command = {
  name: 'policy shadow',
  words: [],
  summary: 'Say what enforcing would have done to what ran in shadow, by capability and agent',
  flags: {
    ...CONNECTION_FLAGS,
    since: { value: '<time>', summary: 'ISO 8601, at most 90 days ago; default 7 days ago' },
  },
  async run(call) {
    const since = textOf(call, 'since')
    const { scope } = await connect(call)
    const report = await withProgress(call, 'reading what ran in shadow', () =>
      scope.policies.shadow(since === undefined ? {} : { since }),
    )
    await call.print({ text: describe(report), json: report })
    return 0
  },
}

const ROUTES = ['execution', 'supervision', 'proposal', 'training', 'denied'] as const
const HEADINGS = ['RAN', 'JUST SO', 'WATCHED OR QUEUED', 'PROPOSED', 'TRAINED', 'DENIED'] as const

function describe({ from, to, capabilities, latest }: ShadowReport): string {
  if (capabilities.length === 0) return `${from} to ${to}: nothing is or was in shadow`
  return [
    `${from} to ${to}, had it been enforced`,
    table(
      ['CAPABILITY', 'NOW', ...HEADINGS],
      capabilities.map(({ capability, isShadowed, ran, would }) => [
        capability,
        isShadowed ? 'in shadow' : 'enforced',
        ...cells(ran, would),
      ]),
    ),
    ...capabilities.flatMap(({ capability, agents }) =>
      agents.length === 0
        ? []
        : [
            table(
              [`${capability}: AGENT`, ...HEADINGS],
              agents.map(({ agent, ran, would }) => [agent, ...cells(ran, would)]),
            ),
          ],
    ),
    ...(latest.length === 0
      ? []
      : [
          table(
            ['DECISION', 'AT', 'AGENT', 'ACTION', 'WOULD BE', 'CODE', 'REASON'],
            latest.map((one) => [one.id, one.decidedAt, one.agent, one.action, one.would, one.code ?? '-', one.reason]),
          ),
        ]),
  ].join('\n\n')
}

function cells(ran: number, would: ShadowCounts): readonly string[] {
  return [ran, ...ROUTES.map((route) => would[route])].map(String)
}
