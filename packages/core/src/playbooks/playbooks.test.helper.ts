import type {
  ControlScope,
  Playbook,
  PlaybookDeployment,
  PlaybookDeploymentRequest,
  PlaybookVersion,
} from '@preceptor/client'
import { createTestDatabase, describeWithPostgres } from '@preceptor/test-setup'
import { afterAll, beforeAll, describe } from 'vitest'
import { type Database, openDatabase } from '../database/open-database.ts'
import { inWorkspace } from '../database/transaction.ts'
import { createPorts } from '../journal/each-store.test.helper.ts'
import { createJournal } from '../journal/journal.ts'
import { systemClock } from '../kernel/clock.ts'
import { createIds } from '../kernel/ids.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'
import { type RanTest, recordPlaybookTest } from './record-test.ts'

export const reason = 'a test'

/** A governor on a store, and what the tests of playbooks ask of it. */
export interface PlaybookTests {
  readonly test: TestGovernor
  /** Another set of connections to the same store, for what goes past the governor. */
  readonly database: Database
  /** Writes so many versions for a type of agents of its own. */
  write(versions?: number): Promise<Playbook>
}

/** Runs the same tests on the embedded database and on Postgres. */
export function describePlaybooks(title: string, tests: (each: PlaybookTests) => void): void {
  describe(`${title} on pglite`, () =>
    tests(usePlaybooks(async () => ({ database: await openDatabase({ memory: true }) }))))
  describeWithPostgres(`${title} on postgres`, () =>
    tests(
      usePlaybooks(async () => {
        const place = await createTestDatabase({ name: 'playbooks', prepare: async () => undefined })
        return { database: await openDatabase({ url: place.url }), drop: () => place.drop() }
      }),
    ),
  )
}

function usePlaybooks(
  open: () => Promise<{ readonly database: Database; readonly drop?: () => Promise<void> }>,
): PlaybookTests {
  let opened:
    | { readonly database: Database; readonly test: TestGovernor; readonly drop?: () => Promise<void> }
    | undefined
  let types = 0
  const present = () => {
    if (opened === undefined) throw new Error('The governor is open inside tests only.')
    return opened
  }
  beforeAll(async () => {
    const place = await open()
    opened = { ...place, test: await createTestGovernor({ database: place.database.pool, migrate: true }) }
  })
  afterAll(async () => {
    await opened?.test.close()
    await opened?.database.close()
    await opened?.drop?.()
  })
  return {
    get test() {
      return present().test
    },
    get database() {
      return present().database
    },
    async write(versions = 2) {
      types += 1
      const { playbooks } = present().test.admin
      const agentType = `type-${types}`
      let last: PlaybookVersion | undefined
      for (let each = 1; each <= versions; each += 1) {
        last = await playbooks.write({ agentType, instructions: `Version ${each}.` })
      }
      return playbooks.get(last?.playbook ?? '')
    },
  }
}

/** Deploys a version for everybody, untested, unless told otherwise. */
export function deploy(
  scope: ControlScope,
  { id }: Playbook,
  request: Partial<PlaybookDeploymentRequest> = {},
): Promise<PlaybookDeployment> {
  return scope.playbooks.deploy(id, { version: 1, tier: 'system', reason, force: true, ...request })
}

/** Records the test of a version as what ran it does, in a transaction of its own. */
export async function recordTest(
  { database }: PlaybookTests,
  playbook: string,
  version: number,
  ran: Partial<RanTest> = {},
): Promise<PlaybookVersion> {
  const journal = createJournal(createPorts(database))
  const context = { clock: systemClock, ids: createIds({ clock: systemClock }), journal }
  const usual = {
    against: null,
    cases: 40,
    before: 60,
    after: 80,
    p: 0.001,
    interval: [12, 27],
    method: 'sign',
  } as const
  try {
    return await inWorkspace(database, { workspace: 'default' }, (tx) =>
      recordPlaybookTest(context, tx, { by: 'system:learning', playbook, version, test: { ...usual, ...ran } }),
    )
  } finally {
    await journal.close()
  }
}
