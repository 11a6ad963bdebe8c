import { REFUND_CASES } from '../refund-rules.ts'

/** A question that the agent answers wrongly, and what Sue says instead. */
export interface Lesson {
  readonly question: string
  readonly wrong: string
  readonly right: string
  /** What the correction is about. */
  readonly matter: string
  /** The words by which the model knows the rule. */
  readonly instruction: string
}

const QUESTIONS = {
  period: 'How long do I have to return a phone?',
  opened: 'Is an opened phone refunded?',
  gift: 'Who gets the refund of a gift?',
} as const

/** The three corrections: what the agent learns is in them, and nowhere else. */
export const LESSONS: readonly Lesson[] = Object.entries(QUESTIONS).map(([matter, question]) => {
  const known = REFUND_CASES.find(({ id }) => id === matter)
  if (known === undefined) throw new Error(`There are no rules on ${matter}.`)
  const { wrong, right, instruction } = known
  return { question, wrong, right, matter, instruction }
})

/** Another customer asks about the same matter, in other words. */
export const UNSEEN = {
  question: 'By which deadline can I return a kettle?',
  right: 'A customer can ask for a refund within 14 days of delivery.',
} as const
