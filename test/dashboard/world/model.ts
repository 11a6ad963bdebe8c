import {
  loadRefunds,
  type Rule,
  type RulePrompt,
  type RuleServer,
  startRuleServer,
} from '../../learning/rule-server.ts'
import type { Texts } from './usual-texts.ts'

const CRITERION = /^- ([a-z0-9_]+): /gm
const GOOD = 86
const POOR = 48
const SPREAD = 7

/** Starts a model behind HTTP that rates, corrects, reviews and advises in the words of the texts. */
export async function startWorldModel(texts: Texts): Promise<RuleServer> {
  const { refundRules } = await loadRefunds()
  let rated = 0
  const rules: readonly Rule[] = [
    {
      name: 'evaluate',
      when: ({ system }) => system.startsWith('You rate an answer.'),
      answer: ({ system, user }) => {
        const { evaluation, answer } = JSON.parse(user) as { readonly evaluation: string; readonly answer: string }
        rated += 1
        const score = (answer.trim() === texts('learning.improved').trim() ? GOOD : POOR) + (rated % SPREAD)
        const names = [...system.matchAll(CRITERION)].map(([, name]) => name)
        return JSON.stringify({ evaluation, scores: Object.fromEntries(names.map((name) => [name, score])) })
      },
    },
    {
      name: 'improve',
      when: ({ system }) => system.startsWith('You correct the answer'),
      answer: () => texts('learning.improved'),
    },
    {
      name: 'instruct',
      when: ({ system }) => system.startsWith('You write the instructions of a playbook'),
      answer: () => texts('playbook.instructions', 1),
    },
    {
      name: 'advise',
      when: ({ system }) => system.startsWith('You review one action'),
      answer: (prompt) => adviceOn(prompt, texts),
    },
    {
      name: 'review',
      when: ({ system }) => /"action_hash": "[0-9a-f]{64}"/.test(system),
      answer: ({ system }) => {
        const [, hash] = /"action_hash": "([0-9a-f]{64})"/.exec(system) ?? []
        return JSON.stringify({ verdict: 'escalate', action_hash: hash, reasons: [texts('review.reason')] })
      },
    },
    ...refundRules(),
  ]
  return startRuleServer({ rules })
}

function adviceOn({ user }: RulePrompt, texts: Texts): string {
  const [, actionHash] = /"actionHash":"([^"]+)"/.exec(user) ?? []
  const [, version = '1'] = /"version":(\d+)/.exec(user) ?? []
  const reasons = [texts('advice.reason')]
  return JSON.stringify({ actionHash, version: Number(version), verdict: 'approve', reasons, suggestions: [] })
}
