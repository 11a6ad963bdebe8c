import { setTimeout as sleep } from 'node:timers/promises'
import { Hono } from 'hono'
import { z } from 'zod'
import { serveApp } from '../demo/server.ts'

/** Something that the bank was asked to do. */
export interface Effect {
  readonly what: 'checked' | 'refunded'
  readonly order: string
  readonly cents: number
  /** In milliseconds since the epoch. */
  readonly at: number
}

/** The bank of the shop: it knows what the agent really did, whatever anybody says. */
export interface Bank {
  readonly url: string
  /** Everything that it was asked for, in order. */
  readonly effects: readonly Effect[]
  /** Lets the checks of an order take until they are released. */
  hold(order: string): { release(): void }
  close(): Promise<void>
}

const payment = z.strictObject({ order: z.string(), cents: z.int().min(1) })

/** Opens the bank on 127.0.0.1; each check of a payment takes so long. */
export async function openBank({ checkMs }: { readonly checkMs: number }): Promise<Bank> {
  const effects: Effect[] = []
  const held = new Map<string, Promise<void>>()
  const app = new Hono()
  app.post('/checks', async (c) => {
    const { order, cents } = payment.parse(await c.req.json())
    effects.push({ what: 'checked', order, cents, at: Date.now() })
    await sleep(checkMs)
    await held.get(order)
    return c.json({ ok: true })
  })
  app.post('/refunds', async (c) => {
    const { order, cents } = payment.parse(await c.req.json())
    effects.push({ what: 'refunded', order, cents, at: Date.now() })
    return c.json({ ok: true })
  })
  const server = await serveApp(app, 0)
  return {
    url: `http://127.0.0.1:${server.port}`,
    effects,
    hold(order) {
      let release = (): void => undefined
      held.set(order, new Promise((resolve) => (release = resolve)))
      return { release: () => release() }
    },
    close: () => server.close(),
  }
}
