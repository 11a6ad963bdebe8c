const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g
/** The keys are the issuer's, and no extension is known: what asks for another key or another reading is refused. */
const FOREIGN_HEADERS = ['jku', 'jwk', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'crit', 'b64']

/**
 * Throws for a token that two readers could understand in two ways, before anything of it is believed or fetched: three
 * parts in their one spelling, two of them JSON objects without a key twice, and a header that brings nothing of its own.
 */
export function assertPlainToken(token: string): void {
  const parts = token.split('.')
  const [header, payload] = parts
  if (parts.length !== 3 || header === undefined || payload === undefined) throw new Error('It has not three parts.')
  if (!parts.every(isCanonical)) throw new Error('A part of it is written in another way than it is read.')
  const fields = readObject(header)
  if (FOREIGN_HEADERS.some((name) => Object.hasOwn(fields, name))) throw new Error('Its header brings its own.')
  readObject(payload)
}

/** Base64url without padding, blanks or bits that mean nothing. */
function isCanonical(part: string): boolean {
  return part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part
}

function readObject(part: string): object {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(part, 'base64url'))
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('A part of it is no object.')
  const written = [...text.matchAll(STRING)].filter(([, colon]) => colon !== undefined).length
  if (written !== countKeys(value)) throw new Error('A key stands there twice.')
  return value
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inside = Object.values(value).reduce((sum: number, item) => sum + countKeys(item), 0)
  return Array.isArray(value) ? inside : inside + Object.keys(value).length
}
