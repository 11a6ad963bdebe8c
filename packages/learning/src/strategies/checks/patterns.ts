import { absenceFinding, type Check, type CheckKind, type CheckSubject } from './check.ts'
import { codeBlocks } from './code-blocks.ts'

/** What must not stand in an answer. */
export interface BannedPattern {
  /** How it is named in the finding; the text itself is not repeated. */
  readonly name: string
  readonly pattern: RegExp
}

/** What a check of banned patterns is made of. */
export interface BannedPatterns {
  readonly name: string
  readonly kind: CheckKind
  /** Whether only the blocks of code are looked at; an answer without code then has no finding. */
  readonly codeOnly: boolean
  readonly patterns: readonly BannedPattern[]
  /** Said of an answer that has none. */
  readonly clean: string
}

/** A check that an answer has none of the patterns. */
export function bansPatterns({ name, kind, codeOnly, patterns, clean }: BannedPatterns): Check {
  return {
    name,
    kind,
    run(subject) {
      const text = codeOnly ? codeOf(subject) : subject.answer
      if (text === null) return null
      return absenceFinding(
        patterns.filter(({ pattern }) => pattern.test(text)).map((banned) => banned.name),
        clean,
      )
    },
  }
}

function codeOf(subject: CheckSubject): string | null {
  const blocks = codeBlocks(subject)
  return blocks.length === 0 ? null : blocks.map(({ code }) => code).join('\n')
}
