import type { TestStore } from '../journal/each-store.test.helper.ts'

/** Statements of one attempt. */
export interface StatementAttempt {
  /** Run by the owner beforehand, and kept. */
  readonly seed: readonly string[]
  /** Run by the application role, and taken back. */
  readonly statements: readonly string[]
}

/**
 * Makes what runs statements and gives what the last one of the application role was refused with, nothing when all
 * worked, and `too early: …` when an earlier one was refused. What `names` matches is another id in each attempt.
 */
export function createAttempts(
  names: RegExp,
): (store: TestStore, attempt: StatementAttempt) => Promise<string | undefined> {
  let made = 0
  return async (store, { seed, statements }) => {
    made += 1
    const own = (statement: string): string => statement.replaceAll(names, `$1-${made}`)
    const client = await store.database.pool.connect()
    try {
      for (const statement of seed) await client.query(own(statement))
      await client.query("begin; set local role preceptor_app; set local preceptor.workspace to 'default'")
      for (const [index, statement] of statements.entries()) {
        const problem = await client.query(own(statement)).then(
          () => undefined,
          (error: unknown) => String(error),
        )
        if (problem !== undefined) return index === statements.length - 1 ? problem : `too early: ${problem}`
      }
      return undefined
    } finally {
      await client.query('rollback')
      client.release()
    }
  }
}
