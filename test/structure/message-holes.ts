/** What an ICU message is filled with. */
export interface Holes {
  readonly values: ReadonlySet<string>
  /** Names of its tags, such as `b` of `<b>…</b>`. */
  readonly tags: ReadonlySet<string>
}

const TAG = /^<([a-z]\w*)>/i
const CHOOSING = /^\s*(?:plural|select|selectordinal)\s*$/

/** Reads what a message is filled with; the message is known to be one. */
export function holesOf(message: string): Holes {
  const [values, tags] = [new Set<string>(), new Set<string>()]
  readText(message, { values, tags })
  return { values, tags }
}

interface Found {
  readonly values: Set<string>
  readonly tags: Set<string>
}

function readText(text: string, found: Found): void {
  for (let at = 0; at < text.length; at += 1) {
    const tag = TAG.exec(text.slice(at))?.[1]
    if (tag !== undefined) found.tags.add(tag)
    if (text[at] !== '{') continue
    const end = closing(text, at)
    readHole(text.slice(at + 1, end), found)
    at = end
  }
}

/** `name`, `name, number`, or `name, plural, one {…} other {…}`. */
function readHole(hole: string, found: Found): void {
  const [name = '', kind = ''] = hole.split(',', 2)
  found.values.add(name.trim())
  if (!CHOOSING.test(kind)) return
  const choices = hole.slice(hole.indexOf(',', hole.indexOf(',') + 1) + 1)
  for (let at = choices.indexOf('{'); at >= 0; ) {
    const end = closing(choices, at)
    readText(choices.slice(at + 1, end), found)
    at = choices.indexOf('{', end)
  }
}

function closing(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1
    if (text[at] === '}') depth -= 1
    if (depth === 0) return at
  }
  throw new Error(`a brace of "${text}" is not closed`)
}
