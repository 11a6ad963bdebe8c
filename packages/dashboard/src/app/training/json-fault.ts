/** A place in a text, from 1. */
export interface TextPlace {
  readonly line: number
  readonly column: number
}

const SPACE = /[ \t\n\r]*/y
// Control characters are none of the text of a string.
const STRING = /"(?:[^"\\\p{Cc}\u007f-\u009f]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy
const WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

/** Where a text stops being JSON; engines do not always say it. Null for a text that is JSON. */
export function jsonFault(text: string): TextPlace | null {
  // What is open, and what may come next in it.
  const open: ('list' | 'object')[] = []
  let wants: 'value' | 'value or end' | 'key' | 'key or end' | 'after' = 'value'
  let offset = 0
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = offset
    const [found] = pattern.exec(text) ?? []
    if (found === undefined) return false
    offset += found.length
    return true
  }
  const takeSign = (sign: string): boolean => {
    if (text[offset] !== sign) return false
    offset += 1
    return true
  }
  const close = (): boolean => {
    if (!takeSign(open.at(-1) === 'list' ? ']' : '}')) return false
    open.pop()
    wants = 'after'
    return true
  }
  for (;;) {
    take(SPACE)
    const inside = open.at(-1)
    if (wants === 'after' && inside === undefined) return offset === text.length ? null : placeAt(text, offset)
    if ((wants === 'value or end' || wants === 'key or end' || wants === 'after') && close()) continue
    if (wants === 'after') {
      if (!takeSign(',')) return placeAt(text, offset)
      wants = inside === 'list' ? 'value' : 'key'
    } else if (wants === 'key' || wants === 'key or end') {
      if (!take(STRING)) return placeAt(text, offset)
      take(SPACE)
      if (!takeSign(':')) return placeAt(text, offset)
      wants = 'value'
    } else if (takeSign('[')) {
      open.push('list')
      wants = 'value or end'
    } else if (takeSign('{')) {
      open.push('object')
      wants = 'key or end'
    } else if (take(STRING) || take(WORD)) wants = 'after'
    else return placeAt(text, offset)
  }
}

function placeAt(text: string, offset: number): TextPlace {
  const lines = text.slice(0, offset).split('\n')
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}
