import type { ControlScope, JsonObject, Proposal } from '@preceptor/client'
import { vi } from 'vitest'
import { counted, type PastTime } from '../grown-agent.test.helper.ts'
import type { Stage } from '../stage.ts'
import type { Texts } from './usual-texts.ts'

/** Who puts records into a stage, and in what words. */
export interface Maker {
  readonly stage: Stage
  readonly texts: Texts
  readonly time: PastTime
  readonly ada: ControlScope
  readonly ana: ControlScope
  readonly ben: ControlScope
  /** Address of a server that takes, refuses or loses what it is sent. */
  readonly receiver: string
  /** Lets the model answer nothing more. */
  readonly stall: () => void
}

/** A maker of a stage that is open. */
export function makerOf(
  stage: Stage,
  { time, texts, receiver, stall }: Pick<Maker, 'time' | 'texts' | 'receiver' | 'stall'>,
): Maker {
  const { user } = stage.test
  return {
    stage,
    texts,
    time,
    receiver,
    stall,
    ada: user('ada', 'admin'),
    ana: user('ana', 'supervisor'),
    ben: user('ben', 'supervisor'),
  }
}

/** Waits until something is there. */
export function comes<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  const found = async (): Promise<Found> => {
    const value = await look()
    if (value === undefined) throw new Error('It is not there yet.')
    return value
  }
  // In a hook nothing polls but this.
  return vi.waitFor(found, { timeout: 30_000, interval: 50 })
}

/** Waits until what was approved has run, and counts what it showed. */
export async function ended({ stage }: Maker, proposal: Proposal): Promise<void> {
  const over: ReadonlySet<string> = new Set(['succeeded', 'failed'])
  await comes(async () => {
    const { state } = await stage.now(proposal)
    return over.has(state) ? state : undefined
  })
  await counted(stage)
}

/** Args of a refund, one like the other. */
export function refundArgs(texts: Texts, index: number): JsonObject {
  const amounts = [1240, 8900, 3450, 12_400, 2199]
  return {
    amountCents: amounts[index % amounts.length] ?? 1240,
    to: texts('args.to', index),
    reason: texts('args.reason', index),
    notify: true,
    method: 'card',
  }
}

/** Args of a note, one like the other. */
export function noteArgs(texts: Texts, index: number): JsonObject {
  return { [texts('args.key')]: texts('args.value', index), text: texts('args.note', index), cents: 1200 + 50 * index }
}
