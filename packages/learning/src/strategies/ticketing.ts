import { type Check, presenceFinding } from './checks/check.ts'
import { hasFields, hasSteps, label } from './checks/fields.ts'
import { noSecrets } from './checks/no-secrets.ts'
import { sectionsWith } from './sections.ts'
import type { Strategy } from './strategy.ts'

const LONGEST_TITLE = 120

const titleShort: Check = {
  name: 'title-short',
  kind: 'structure',
  run({ answer }) {
    const first = answer.split('\n').find((line) => line.trim() !== '') ?? ''
    const title = first
      .replace(/^[ \t]*(?:#{1,6}[ \t]*)?(?:\*\*)?(?:title|summary|subject)?[ \t]*(?::[ \t]*)?(?:\*\*)?/i, '')
      .trim()
    return presenceFinding({
      [`a title of 1 to ${LONGEST_TITLE} characters`]: title !== '' && title.length <= LONGEST_TITLE,
    })
  },
}

const ticketComplete = hasFields('ticket-complete', {
  'steps to reproduce': hasSteps,
  'what is expected': label('expected(?: results?| behaviou?r| outcome)?'),
  'what happens': label('actual(?: results?| behaviou?r| outcome)?|observed'),
  priority: /\b(?:priority|severity)\b[^\n]{0,30}\b(?:critical|urgent|high|medium|normal|low|p[0-4])\b|\bP[0-4]\b/i,
})

/** Tickets that can be worked on without asking back. */
export const ticketing: Strategy = {
  agentType: 'ticketing',
  criteria: [
    {
      name: 'reproducibility',
      weight: 2,
      description: 'Whoever takes the ticket can see the problem by the steps alone.',
    },
    { name: 'prioritisation', weight: 1, description: 'The priority fits the effect on people, which is stated.' },
    { name: 'actionability', weight: 1, description: 'It says what is to be done, or whom to ask.' },
  ],
  prompt: {
    template: 'improve-ticketing',
    guidance: [
      'Begin with a title that says what is wrong, in one line.',
      'Number the steps; state what is expected and what happens.',
      'State the priority and whom it affects.',
    ],
    sections: sectionsWith({ context: 'Product, version and who reports it' }),
  },
  checks: [titleShort, ticketComplete, noSecrets],
}
