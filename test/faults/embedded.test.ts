import { expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { killEmbedded } from './embedded.ts'

const POINTS = ['approve.before_commit', 'approve.after_commit', 'claim.after_commit', 'tool.after_send'] as const

it(verifies(
  ['FAULT-3', 'I-2', 'I-4'],
  'a killed process on an embedded database runs nothing twice that was approved',
), { timeout: 180_000 }, async () => {
  const { kills, effects, proposals, violations } = await killEmbedded(POINTS)
  expect(violations).toEqual([])
  expect(kills).toBe(POINTS.length)
  expect(effects).toBeGreaterThan(POINTS.length)
  expect(proposals.succeeded).toBeGreaterThan(0)
  expect(proposals.outcome_unknown).toBeGreaterThan(0)
})
