import { REQUIREMENTS, type RequirementId } from './requirements.ts'

const CITATION = /\[((?:[A-Z]+-\d+(?:-[A-Z]+)?)(?:, ?[A-Z]+-\d+(?:-[A-Z]+)?)*)\]/g

/**
 * Makes the title of a test that shows a promise; the same as writing `title [ID]` by hand, with the id checked by the
 * compiler.
 *
 * @example
 * ```ts
 * it(verifies('I-1', 'denies when the store is down'), async () => {})
 * ```
 */
export function verifies(ids: RequirementId | readonly RequirementId[], title: string): string {
  return `${title} [${typeof ids === 'string' ? ids : ids.join(', ')}]`
}

/** Reads the ids that a title cites as `[ID]` or `[ID, ID]`. */
export function citationsOf(title: string): string[] {
  return [...title.matchAll(CITATION)].flatMap((match) => (match[1] ?? '').split(/, ?/))
}

/** One test as the runner reports it; the full name holds the titles of the groups around it. */
export interface ReportedTest {
  readonly fullName: string
  readonly status: string
}

/** What the citations of a run amount to. */
export interface CitationReport {
  /** Ids that no passing test cites. */
  readonly uncited: readonly string[]
  /** Ids that a test cites and the table does not know. */
  readonly unknown: readonly string[]
}

/** Joins the tests of a run with the table of promises. */
export function checkCitations(tests: readonly ReportedTest[]): CitationReport {
  const cited = new Set(tests.flatMap((test) => citationsOf(test.fullName)))
  const shown = new Set(tests.filter(({ status }) => status === 'passed').flatMap((test) => citationsOf(test.fullName)))
  return {
    uncited: Object.keys(REQUIREMENTS).filter((id) => !shown.has(id)),
    unknown: [...cited].filter((id) => !Object.hasOwn(REQUIREMENTS, id)),
  }
}
