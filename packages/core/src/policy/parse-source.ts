import { parse } from '@bufbuild/cel'
import type { Refuse } from './condition-guard.ts'

// The time that the parser takes grows with the square of what stands open.
const MOST_BRACKETS = 64

/** Parses CEL of so many characters at most, and tells by `refuse` what is wrong with it. */
export function parseSource(source: string, longest: number, refuse: Refuse): ReturnType<typeof parse> {
  if (source.length > longest) {
    throw refuse(`it has ${source.length} characters; at most ${longest} are supported`)
  }
  if (source.split(/[([{]/).length > MOST_BRACKETS + 1) throw refuse(`it opens more than ${MOST_BRACKETS} brackets`)
  try {
    return parse(source)
  } catch (cause) {
    // The parser goes on to list all that it would have taken.
    const [problem] = cause instanceof Error ? cause.message.split(' but expecting ') : []
    throw refuse(problem ?? 'it does not parse', cause)
  }
}
