import { type TextField, type Texts, USUAL_TEXTS } from './usual-texts.ts'

/** Each would call `ran()`, or ask `evil.example` for something, were it anything but text. */
const MARKUP = '<img src=//evil.example/x onerror=ran()>'
const HIDDEN = '\u202e\u200b'
const ANSI = '\u001b[2J'
const MORE =
  '<script>ran()</script>![x](http://evil.example/y.png)[x](javascript:ran())\u2066\u00ad\ufeff<svg onload=ran()>'

/** Fields whose text is one line for the product too: no control character stands there. */
const LINES: ReadonlySet<TextField> = new Set<TextField>([
  'workflow.name',
  'workflow.other',
  'workflow.title',
  'workflow.question',
  'policy.limit',
  'policy.shadow',
])

/** Fields of at most 100 or 128 characters. */
const SHORT: ReadonlySet<TextField> = new Set<TextField>([
  'workflow.name',
  'workflow.other',
  'agent.category',
  'agent.specialty',
  'agent.capability',
  'scenario.topic',
  'collaboration.option',
  'playbook.name',
  'policy.limit',
  'policy.shadow',
  'args.key',
  'grant.key',
])

/** Fields that hold what an agent or a run produced: as long as it likes. */
const LONG: ReadonlySet<TextField> = new Set<TextField>([
  'args.long',
  'effect.output',
  'training.answer',
  'workflow.value',
])

const LONG_LENGTH = 20_000

/** Of what a run says of itself the plane keeps so much at most; an output has several of them. */
const KEPT: Readonly<Partial<Record<TextField, number>>> = { 'run.log': 7_500, 'run.output': 1_500 }

/** The same field always holds the same, so that it can be looked for; it begins with its name and ends with `end`. */
export const hostileTexts: Texts = (field) => {
  const begin = `${field} ${MARKUP}${HIDDEN}${LINES.has(field) ? '' : ANSI}`
  if (SHORT.has(field)) return `${begin}end`
  const whole = `${begin}${MORE}`
  const length = KEPT[field] ?? (LONG.has(field) ? LONG_LENGTH : 0)
  return `${whole}${'x'.repeat(Math.max(0, length - whole.length - 4))} end`
}

/** Every field. */
export const TEXT_FIELDS = Object.keys(USUAL_TEXTS) as readonly TextField[]
