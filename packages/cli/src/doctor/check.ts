/** What one check found. */
export interface Finding {
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped'
  /** What is so. */
  readonly message: string
  /** What to do about it. */
  readonly advice?: string
  /** Code that `preceptor explain` knows. */
  readonly code?: string
}

/** One check, by its name. */
export interface Check {
  readonly name: string
  readonly run: () => Promise<Finding>
}

/** A finding that needs nothing done. */
export function ok(message: string): Finding {
  return { state: 'ok', message }
}
