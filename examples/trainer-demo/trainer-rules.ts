import { refundRules, sectionsOf } from '../refund-rules.ts'
import type { Rule, RulePrompt } from '../rule-server.ts'
import { COMPARE, FORM_TASK, FORMS, SCENARIOS, TICKET_IMPROVED, TICKETS } from './scenarios.ts'

/**
 * The rules of a model that corrects the answers of the scenarios by what its prompt holds: the correction, the strategy,
 * the form and the guidance each change what it says. What it rates by, and its answers on refunds, are those of the
 * example of learning.
 */
export function trainerRules(): readonly Rule[] {
  return [
    { name: 'correct', when: (prompt) => correct(prompt) !== null, answer: (prompt) => correct(prompt) ?? '' },
    ...refundRules(),
  ]
}

function correct({ system, user }: RulePrompt): string | null {
  if (!system.startsWith('You correct the answer')) return null
  const sections = sectionsOf(user)
  const [task = '', answer = '', correction = '', form = ''] = ['Task', 'Answer', 'Correction', 'Format'].map((name) =>
    sections.get(name),
  )
  if (task === FORM_TASK) return FORMS.find(({ instruction }) => form.startsWith(instruction))?.said ?? answer
  // It hardly reads what it is given, until it is told to.
  if (TICKETS.includes(task))
    return system.includes(COMPARE) && correction !== '' ? TICKET_IMPROVED : `${answer} Sorry.`
  const scenario = SCENARIOS.find((one) => one.task === task)
  if (scenario === undefined) return null
  const { format, improved, role } = scenario
  if (!system.includes(role) || correction !== scenario.correction) return answer
  return format === 'code' ? `\`\`\`ts\n${improved}\n\`\`\`` : improved
}
