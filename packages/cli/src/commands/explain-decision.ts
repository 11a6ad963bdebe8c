import { type DecisionRecord, explainDecision as explained, visibleJson } from '@preceptor/client'
import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { listing } from '../table.ts'

/** `preceptor explain-decision`: why it was decided so. */
export const explainDecision: Command = {
  name: 'explain-decision',
  words: ['ID'],
  summary: 'Say why something was decided as it was, and what came of it',
  flags: CONNECTION_FLAGS,
  async run(call) {
    const { scope } = await connect(call)
    const record = await scope.decisions.get(call.words[0] ?? '')
    await call.print({ text: describe(record), json: record })
    return 0
  },
}

function describe({ decision, actor, args, execution }: DecisionRecord): string {
  const { route, maturity, risk, policyVersion, decidedAt, warnings } = decision
  const shadow = decision.route === 'execution' ? decision.shadow : undefined
  return [
    listing([
      ['Decision', decision.id],
      ['Agent', decision.agent],
      ['Action', decision.action],
      ['Route', 'code' in decision ? `${route}, ${decision.code}` : route],
      ['Counted as', maturity ?? 'not known'],
      ['Risk', risk ?? 'not known'],
      ['Policy', `version ${policyVersion}`],
      ['Source', `${decision.source}, by ${actor}`],
      ['At', decidedAt],
      ['Why', explained(decision)],
      ...warnings.map((warning) => ['Warning', warning] as const),
      ...(shadow === undefined ? [] : [['In shadow', `it would have been ${shadow.route}`] as const]),
      ['Run', execution === null ? 'none' : `${execution.state}, attempt ${execution.attempt}`],
    ]),
    `Args\n${visibleJson(args, 2)}`,
  ].join('\n\n')
}
