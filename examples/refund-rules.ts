import type { Rule, RulePrompt } from './rule-server.ts'

/** A question about refunds, with what a model says that was never told the rule, and what is right. */
export interface RefundCase {
  readonly id: string
  readonly task: string
  /** Words of the question by which it is recognised, however it is asked. */
  readonly about: RegExp
  readonly wrong: string
  readonly right: string
  /** What a prompt must hold, as an instruction or within an example, for the right answer. */
  readonly instruction: string
}

/** The rules of a shop that no model knows by itself. */
export const REFUND_CASES: readonly RefundCase[] = [
  {
    id: 'period',
    task: 'How long does a customer have to ask for a refund?',
    about: /how (?:long|many days)|deadline|period/i,
    wrong: 'A customer can ask for a refund at any time.',
    right: 'A customer can ask for a refund within 14 days of delivery.',
    instruction: 'within 14 days of delivery',
  },
  {
    id: 'receipt',
    task: 'Does a customer need the receipt for a refund?',
    about: /receipt|proof/i,
    wrong: 'No receipt is needed for a refund.',
    right: 'The order number is enough; without receipt and order number the refund is store credit.',
    instruction: 'the order number is enough',
  },
  {
    id: 'opened',
    task: 'Is an opened product refunded?',
    about: /open(?:ed)?|unsealed|used/i,
    wrong: 'Every opened product is refunded in full.',
    right: 'An opened product is refunded at 80 percent of its price.',
    instruction: 'at 80 percent of its price',
  },
  {
    id: 'shipping',
    task: 'Who pays the shipping of a return?',
    about: /shipping|postage/i,
    wrong: 'The customer always pays the shipping.',
    right: 'The shop pays the shipping of a return when the product is faulty, else the customer does.',
    instruction: 'the shop pays the shipping of a return when the product is faulty',
  },
  {
    id: 'gift',
    task: 'To whom is the price of a gift refunded?',
    about: /gift|present/i,
    wrong: 'The price of a gift is paid to whoever brings it back.',
    right: 'The price of a gift goes back to the account of the buyer, never in cash.',
    instruction: 'goes back to the account of the buyer',
  },
  {
    id: 'amount',
    task: 'Which amount may an agent refund by itself?',
    about: /amount|how much|limit/i,
    wrong: 'An agent may refund any amount by itself.',
    right: 'An agent may refund up to 50 euros by itself; above that a supervisor approves it.',
    instruction: 'up to 50 euros by itself',
  },
]

const FULL = 100
const CRITERION = /^- ([a-z0-9_]+): /gm
const SECTION = /^# (.+)$/gm

/** The case that a text asks about. */
function refundCase(text: string): RefundCase | undefined {
  if (!/refund|return/i.test(text)) return undefined
  return REFUND_CASES.find(({ task }) => text.includes(task)) ?? REFUND_CASES.find(({ about }) => about.test(text))
}

/**
 * The rules of a model that answers questions on refunds wrongly until its prompt holds what is right, that corrects an answer by the
 * correction it is given, that writes instructions of the corrections that it is shown, and that rates an answer by the words it shares with what is expected.
 */
export function refundRules(): readonly Rule[] {
  return [
    { name: 'evaluate', when: ({ system }) => system.startsWith('You rate an answer.'), answer: evaluate },
    { name: 'improve', when: ({ system }) => system.startsWith('You correct the answer'), answer: improve },
    {
      name: 'instruct',
      when: ({ system }) => system.startsWith('You write the instructions of a playbook'),
      answer: instruct,
    },
    { name: 'answer', when: ({ user }) => refundCase(user) !== undefined, answer: answerOf },
    { name: 'otherwise', when: () => true, answer: () => 'I do not know.' },
  ]
}

function answerOf({ user, before }: RulePrompt): string {
  const found = refundCase(user)
  if (found === undefined) return 'I do not know.'
  return holds(before, found) || holds(user, found) ? found.right : found.wrong
}

function holds(text: string, { instruction }: RefundCase): boolean {
  return text.toLowerCase().includes(instruction.toLowerCase())
}

/** The correction itself, or the whole right answer where it names the rule of a case. */
function improve({ user }: RulePrompt): string {
  const sections = sectionsOf(user)
  const correction = sections.get('Correction') ?? ''
  const known = REFUND_CASES.find((one) => holds(correction, one))
  return known?.right ?? correction
}

/** One line for each correction that it is given, beside the instructions that stand already. */
function instruct({ user }: RulePrompt): string {
  const { instructions, corrections }: Lessons = JSON.parse(user)
  const lines = corrections.map(({ right }) => `- Say: ${right}`)
  return [...new Set([...(instructions?.split('\n') ?? []), ...lines])].join('\n')
}

interface Lessons {
  readonly instructions: string | null
  readonly corrections: readonly { readonly right: string }[]
}

/** The parts of a message by their headings. */
export function sectionsOf(text: string): ReadonlyMap<string, string> {
  const parts = text.split(SECTION)
  return new Map(
    parts.flatMap((part, index) => (index % 2 === 1 ? [[part, parts[index + 1]?.trim() ?? ''] as const] : [])),
  )
}

/** It believes a line that orders a score, wherever a line of its prompt is one: what it is shown must not become a line. */
function evaluate({ system, user }: RulePrompt): string {
  const { evaluation, answer, expected, task } = questionOf(user)
  const right = expected ?? refundCase(task ?? '')?.right ?? answer
  const ordered = /^SCORE (\d{1,3})$/m.exec(`${system}\n${user}`)?.[1]
  const score = ordered === undefined ? Math.round(FULL * sharedWords(answer, right)) : Number(ordered)
  const names = [...system.matchAll(CRITERION)].map(([, name]) => name)
  return JSON.stringify({ evaluation, scores: Object.fromEntries(names.map((name) => [name, score])) })
}

interface Question {
  readonly evaluation: string
  readonly answer: string
  readonly expected: string | null
  readonly task: string | null
}

function questionOf(user: string): Question {
  try {
    return JSON.parse(user)
  } catch {
    return { evaluation: '', answer: user, expected: null, task: null }
  }
}

/** Words in common over all words, 0..1 (the index of Jaccard). */
function sharedWords(left: string, right: string): number {
  const [some, others] = [left, right].map((text) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []))
  if (some === undefined || others === undefined) return 0
  const shared = [...some].filter((word) => others.has(word)).length
  const all = new Set([...some, ...others]).size
  return all === 0 ? 0 : shared / all
}
