import { MATURITIES } from '@preceptor/client'
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
import { verifies } from '../verifies.ts'

/** What an adapter brings besides its governor and its store. */
export interface Adapter {
  readonly attempt: ContractSubject['attempt']
  readonly controlFlow: ContractSubject['controlFlow']
  /** Where the gate is in another process: how its store breaks. */
  readonly breakStore?: ContractSubject['breakStore']
  /** Ends what the adapter opened. */
  readonly close?: () => Promise<void>
}

/** Runs the enforcement contract for one adapter, on a governor of its own. */
export function runContract(
  name: string,
  adapt: (test: TestGovernor, databaseUrl: string) => Adapter | Promise<Adapter>,
): void {
  describeWithPostgres(verifies('CONTRACT-1', `the enforcement contract: ${name}`), () => {
    let database: TestDatabase
    let faulty: FaultyPool
    let subject: ContractSubject & Pick<Adapter, 'close'>

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
      subject = { test, breakStore, pass: clock.advance, ...(await adapt(test, database.url)) }
    })
    afterAll(async () => {
      await subject.close?.()
      await subject.test.close()
      await faulty.pool.end()
      await database.drop()
    })

    for (const { title, owner, run } of ENFORCEMENT_CONTRACT) {
      const register = owner === 'gate' ? it : it.fails
      register(owner === 'gate' ? title : `${title} (comes with ${owner})`, () => run(subject))
    }
  })
}
