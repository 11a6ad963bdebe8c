import { describeWithPostgres } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { killMigrations } from './migrations.ts'

describeWithPostgres('a process that dies in a migration', () => {
  it(verifies(['FAULT-4'], 'leaves none half applied, and the next one goes on'), { timeout: 180_000 }, async () => {
    expect(await killMigrations(2)).toEqual({ kills: 2, violations: [] })
  })
})
