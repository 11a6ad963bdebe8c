import type { JsonObject } from '@preceptor/client'

/** What a check looks at: `code` parses, `structure` is headings and fields, `content` what is said, `safety` what must not be said. */
export type CheckKind = 'code' | 'structure' | 'content' | 'safety'

/** What is checked. */
export interface CheckSubject {
  /** The answer, unwrapped by its format. */
  readonly answer: string
  /** Name of the format. */
  readonly format: string
  /** What the agent was asked. */
  readonly task?: string
  readonly context?: JsonObject
}

/** What a check found. */
export interface CheckFinding {
  readonly passed: boolean
  /** 0..100. */
  readonly score: number
  /** One sentence. */
  readonly reason: string
}

/** What a check found, under its name. */
export interface CheckResult extends CheckFinding {
  readonly name: string
}

/** One check that needs no model: the same answer always gets the same finding. */
export interface Check {
  /** kebab-case, unique within a strategy and its format. */
  readonly name: string
  readonly kind: CheckKind
  /** Null where the answer has nothing that it could look at. Throwing counts as null. */
  run(subject: CheckSubject): CheckFinding | null
}

const PERFECT = 100

/** A finding on a number of things, each good or not. */
export function shareFinding(good: number, total: number, reason: string): CheckFinding {
  return { passed: good === total, score: Math.round((PERFECT * good) / total), reason }
}

/** A finding on what must not be there. */
export function absenceFinding(found: readonly string[], clean: string): CheckFinding {
  if (found.length === 0) return { passed: true, score: PERFECT, reason: clean }
  return { passed: false, score: 0, reason: `Found: ${found.join('; ')}.` }
}

/** A finding on parts that must all be there. */
export function presenceFinding(parts: Readonly<Record<string, boolean>>): CheckFinding {
  const names = Object.keys(parts)
  const missing = names.filter((name) => parts[name] !== true)
  const reason = missing.length === 0 ? 'Every part is there.' : `Missing: ${missing.join('; ')}.`
  return shareFinding(names.length - missing.length, names.length, reason)
}

/** Runs those checks that have something to look at. */
export function runChecks(checks: readonly Check[], subject: CheckSubject): readonly CheckResult[] {
  return checks.flatMap((check) => {
    const found = findingOf(check, subject)
    return found === null ? [] : [{ name: check.name, ...found }]
  })
}

function findingOf(check: Check, subject: CheckSubject): CheckFinding | null {
  try {
    const found = check.run(subject)
    // A check that others registered may say anything.
    if (found === null || !Number.isFinite(found.score)) return null
    const { passed, score, reason } = found
    return { passed: passed === true, score: Math.min(PERFECT, Math.max(0, score)), reason: String(reason) }
  } catch {
    return null
  }
}
