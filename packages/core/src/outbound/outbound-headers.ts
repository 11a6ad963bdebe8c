const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/
// Printable, in the one byte that a character has there.
const VALUE = /^[\x20-\x7e\xa0-\xff]*$/
const LONGEST_VALUE = 8_192
/** What frames a message or steers the connection: whoever sets it may smuggle a second request past what was checked. */
const OWN = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'expect',
])

/** Says why a header is never sent, in words that do not hold its value; undefined for one that may be sent. */
export function headerProblem(name: string, value: string): string | undefined {
  if (!NAME.test(name)) return 'the name of a header must be a token of at most 100 characters'
  const lower = name.toLowerCase()
  if (OWN.has(lower) || lower.startsWith('proxy-')) return `the header ${lower} is set by the connection alone`
  if (value.length > LONGEST_VALUE) return `the header ${lower} is longer than ${LONGEST_VALUE} characters`
  return VALUE.test(value) ? undefined : `the header ${lower} holds a character that no header can carry`
}

/** Whether each of them may be sent. */
export function areSendable(headers: Readonly<Record<string, string>>): boolean {
  return Object.entries(headers).every(([name, value]) => headerProblem(name, value) === undefined)
}
