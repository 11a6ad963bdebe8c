import { setTimeout as wait } from 'node:timers/promises'
import type { ActionDefinitions, GuardCall, JsonObject } from '@preceptor/client'

const STEP_MS = 3_000

const fields = (properties: JsonObject): JsonObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
})
const TEXT = { type: 'string' }
const COUNT = { type: 'integer', minimum: 1 }

/**
 * What the agents of the demo attempt. Nothing leaves this process: each says what it would have done, so that whatever
 * is approved in the dashboard is seen to run.
 */
export const DEMO_ACTIONS: ActionDefinitions = {
  'mail.send': {
    risk: 'high',
    args: fields({ to: TEXT, subject: TEXT, text: TEXT }),
    description: 'Sends a mail to a customer.',
    summary: ({ to, subject }) => `Mail to ${to}: ${subject}`,
    execute: ({ args }) => ({ sent: args.to ?? null }),
  },
  'form.check': {
    risk: 'medium',
    args: fields({ form: TEXT }),
    description: 'Checks a form that a customer filled in.',
    execute: ({ args }) => ({ checked: args.form ?? null }),
  },
  'refund.create': {
    risk: 'high',
    args: fields({ order: TEXT, cents: COUNT, reason: TEXT }),
    description: 'Pays money back for an order.',
    summary: ({ order, reason }) => `Refund for order ${order}: ${reason}`,
    preview: ({ cents }) => [{ kind: 'money', amount: Number(cents) / 100, currency: 'EUR', label: 'Refund' }],
    execute: ({ args }) => ({ refunded: args.cents ?? null }),
  },
  'stock.order': {
    risk: 'high',
    args: fields({ article: TEXT, pieces: COUNT }),
    description: 'Orders pieces from a supplier; takes some seconds, in which it can be watched.',
    summary: ({ article, pieces }) => `Order ${pieces} pieces of ${article}`,
    execute: (call) => orderStock(call, STEP_MS),
  },
  'report.write': {
    risk: 'medium',
    args: fields({ month: TEXT }),
    description: 'Writes the report of a month.',
    execute: ({ args }) => ({ written: args.month ?? null }),
  },
  'books.close': {
    risk: 'critical',
    args: fields({ month: TEXT }),
    description: 'Closes the books of a month, for good.',
    summary: ({ month }) => `Close the books of ${month}`,
    execute: ({ args }) => ({ closed: args.month ?? null }),
  },
}

const STEPS = ['The supplier is asked for prices.', 'The offers are compared.', 'The cheapest one is ordered.']

/** A run in steps: between two of them it can be paused, corrected or ended. */
export async function orderStock({ args, emit, checkpoint, signal }: GuardCall, stepMs: number): Promise<JsonObject> {
  for (const [index, message] of STEPS.entries()) {
    const { guidance } = await checkpoint()
    for (const said of guidance) emit({ kind: 'log', level: 'info', message: `Told: ${said}` })
    emit({ kind: 'progress', value: (index + 1) / STEPS.length, message })
    if (stepMs > 0) await wait(stepMs, undefined, { signal })
  }
  return { ordered: args.pieces ?? null }
}
