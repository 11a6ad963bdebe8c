import type { RoundShape } from '../plan.ts'
import type { Patch } from './patch.ts'

const LASTS_MS = 5_000

/** Rounds in which little fails, and most of the clients do one thing above all. */
export function roundsOf(focus: RoundShape['focus'], more: Partial<RoundShape> = {}): Patch['run'] {
  return { kind: 'rounds', shape: { focus, failpoints: [], incidents: [], lastsMs: LASTS_MS, ...more } }
}
