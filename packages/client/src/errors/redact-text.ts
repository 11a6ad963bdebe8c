/** What stands for a secret. */
export const REDACTED = '[redacted]'

// Every pattern below takes time linear in the text: no two neighbouring repetitions share a character, and a match that
// fails is not tried again within the same run of characters.
const HINT =
  /eyJ|bearer|pcp_|AKIA|ASIA|-----BEGIN|:\/\/|pass|pwd|secret|token|key|auth|gh[pousr]_|sk-|xox|\d[ -]?\d[ -]?\d[ -]?\d/i
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g, REDACTED],
  [/\b(bearer)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/pcp_[a-z0-9]{8}_[\w-]{8,}/g, REDACTED],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{20,}|sk-[\w-]{20,}|xox[abprs]-[A-Za-z0-9-]{10,})/g, REDACTED],
  [/(:\/\/[^\s/@:]*:)[^\s/@]+@/g, `$1${REDACTED}@`],
  [
    /(?<![\w-])([\w-]*?(?:password|passwd|pwd|secret|token|authorization|(?:api|access|private)[_-]?key)["']?\s*[=:]\s*["']?)(?!\[redacted\]|bearer\b)[^\s"',;&]+/gi,
    `$1${REDACTED}`,
  ],
]
const KEY_START = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/g
const KEY_END = /-----END [A-Z ]{0,40}PRIVATE KEY-----/g
const DIGIT_GROUPS = /\d(?:[ -]?\d){12,}/g
const SHORTEST_CARD = 13
const LONGEST_CARD = 19
const CARD_FORM =
  /^(?:4\d{12}(?:\d{3})?(?:\d{3})?|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|(?:6\d|35|5[06-8])\d{14,17})$/

/** Replaces the secrets that can be recognised in a text. */
export function redactText(text: string): string {
  if (!HINT.test(text)) return text
  let redacted = redactPrivateKeys(text)
  for (const [pattern, replacement] of PATTERNS) redacted = redacted.replace(pattern, replacement)
  return redacted.replace(DIGIT_GROUPS, redactCards)
}

/** Whether a whole number is a card number. */
export function isCardNumber(digits: string): boolean {
  return CARD_FORM.test(digits) && passesLuhn(digits)
}

/** A key without its end is cut off to the end of the text. */
function redactPrivateKeys(text: string): string {
  let redacted = ''
  let position = 0
  KEY_START.lastIndex = 0
  for (let start = KEY_START.exec(text); start !== null; start = KEY_START.exec(text)) {
    KEY_END.lastIndex = KEY_START.lastIndex
    const end = KEY_END.exec(text)
    redacted += `${text.slice(position, start.index)}${REDACTED}`
    position = end === null ? text.length : KEY_END.lastIndex
    KEY_START.lastIndex = position
  }
  return redacted + text.slice(position)
}

/** Looks for a card among neighbouring groups of digits, because other numbers may stand beside it. */
function redactCards(text: string): string {
  const groups = text.split(/([ -])/)
  let redacted = ''
  let index = 0
  while (index < groups.length) {
    const end = index % 2 === 0 ? endOfCard(groups, index) : index
    redacted += end > index ? REDACTED : (groups[index] ?? '')
    index = end > index ? end : index + 1
  }
  return redacted
}

/** Where the card ends that begins at a group; the same place when none does. */
function endOfCard(groups: readonly string[], start: number): number {
  let digits = ''
  // Cards are written in one group, or in groups of which the first has four digits; telephone numbers are not.
  const isFour = groups[start]?.length === 4
  for (let index = start; index < groups.length; index += 2) {
    digits += groups[index] ?? ''
    if (digits.length > LONGEST_CARD || (index > start && !isFour)) return start
    if (digits.length >= SHORTEST_CARD && isCardNumber(digits)) return index + 1
  }
  return start
}

function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = digits.length - 1, double = false; index >= 0; index -= 1, double = !double) {
    const digit = Number(digits[index]) * (double ? 2 : 1)
    sum += digit > 9 ? digit - 9 : digit
  }
  return sum % 10 === 0
}
