import { type Governor, MATURITIES } from '@preceptor/client'
import {
  type ContractSubject,
  createTestClock,
  createTestGovernor,
  ENFORCEMENT_CONTRACT,
  type TestGovernor,
} from '@preceptor/core/testing'
import { createTestDatabase, describeWithPostgres, type TestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, it } from 'vitest'
import { createFaultyPool, type FaultyPool, throws } from '../dependencies/faulty-pool.ts'
import { connectTo } from '../reach/serve.ts'
import { verifies } from '../verifies.ts'

/** What an adapter brings besides its governor and its store. */
export interface Adapter {
  readonly attempt: ContractSubject['attempt']
  readonly controlFlow: ContractSubject['controlFlow']
  readonly isUnwatched?: boolean
  /** Where the gate is in another process: how its store breaks. */
  readonly breakStore?: ContractSubject['breakStore']
  /** Where the gate is in another process: how time passes there. */
  readonly pass?: ContractSubject['pass']
  /** Ends what the adapter opened. */
  readonly close?: () => Promise<void>
}

/** Makes an adapter on a governor; what administers it, and where another process reaches the same, is beside it. */
export type Adapt = (test: TestGovernor, governor: Governor, reachable: Reachable) => Adapter | Promise<Adapter>

/** How another process reaches the governor: at its API, or by its database. */
export interface Reachable {
  readonly database: string
  readonly api?: string
}

/** Runs the enforcement contract for one adapter, with the governor in the process and with one behind HTTP. */
export function runContract(name: string, adapt: Adapt): void {
  runWith(verifies('CONTRACT-1', `the enforcement contract: ${name}`), adapt, async ({ governor }) => ({
    governor,
    close: async () => undefined,
  }))
  runWith(
    verifies(['CONTRACT-1', 'REACH-1'], `the enforcement contract, with a remote governor: ${name}`),
    adapt,
    ({ governor, admin }) => connectTo(governor, admin),
  )
}

/** The governor that the adapter is given. */
type Reach = (
  test: TestGovernor,
) => Promise<{ readonly governor: Governor; readonly served?: { readonly url: string }; close(): Promise<void> }>

function runWith(title: string, adapt: Adapt, reach: Reach): void {
  describeWithPostgres(title, () => {
    let database: TestDatabase
    let faulty: FaultyPool
    let subject: ContractSubject & Pick<Adapter, 'close'>
    let reached: Awaited<ReturnType<Reach>>

    beforeAll(async () => {
      const clock = createTestClock()
      database = await createTestDatabase()
      faulty = createFaultyPool(database.url)
      const test = await createTestGovernor({
        database: faulty.pool,
        workspaces: ['default', 'elsewhere'],
        actions: {},
        clock,
      })
      for (const maturity of MATURITIES) await test.register(maturity, maturity)
      const breakStore = async () => {
        faulty.meet(throws)
        return () => faulty.meet(undefined)
      }
      reached = await reach(test)
      const api = reached.served?.url
      const reachable = { database: database.url, ...(api && { api }) }
      const adapter = await adapt(test, reached.governor, reachable)
      subject = { test, breakStore, pass: clock.advance, ...adapter }
    })
    afterAll(async () => {
      await subject.close?.()
      await reached.close()
      await subject.test.close()
      await faulty.pool.end()
      await database.drop()
    })

    for (const { title: promise, owner, run } of ENFORCEMENT_CONTRACT) {
      const register = owner === 'gate' ? it : it.fails
      register(owner === 'gate' ? promise : `${promise} (comes with ${owner})`, () => run(subject))
    }
  })
}
