import { Hono } from 'hono'
import { z } from 'zod'
import { serveApp } from '../demo/server.ts'

/** A return as it was filed. */
export interface Filed {
  readonly client: string
  readonly owed: number
  readonly note: string
  readonly run: string
  readonly key: string | null
}

/** The tax office: an API outside of everything that is governed, which knows what was really filed. */
export interface Office {
  readonly url: string
  readonly filed: readonly Filed[]
  /** How often it was asked for what it knows. */
  readonly lookups: () => number
  /** Answers the next requests that it is away. */
  refuseNext(requests: number): void
  close(): Promise<void>
}

/** What the office wants to see. */
export const OFFICE_TOKEN = 'token-of-the-tax-office'

const body = z.strictObject({ client: z.string(), owed: z.number(), note: z.string(), run: z.string() })

/** Opens the office on 127.0.0.1; without the token it tells and takes nothing of a client. */
export async function openOffice(): Promise<Office> {
  const filed: Filed[] = []
  let lookups = 0
  let refusals = 0
  const app = new Hono()
  app.use(async (c, next) => {
    if (refusals > 0) {
      refusals -= 1
      return c.json({ title: 'The office is closed.' }, 503, { 'retry-after': '1' })
    }
    const isOpenToAll = c.req.path === '/rates'
    if (!isOpenToAll && c.req.header('authorization') !== `Bearer ${OFFICE_TOKEN}`)
      return c.json({ title: 'Who are you?' }, 401)
    return next()
  })
  app.get('/rates', (c) => {
    lookups += 1
    return c.json({ percent: 20 })
  })
  app.get('/clients/:client/history', (c) => {
    lookups += 1
    return c.json({ client: c.req.param('client'), owed: 4_200 })
  })
  app.post('/returns', async (c) => {
    const given = body.parse(await c.req.json())
    filed.push({ ...given, key: c.req.header('idempotency-key') ?? null })
    // What it says of the request must not make the secret known.
    return c.json({ receipt: `r-${filed.length}`, heard: c.req.header('authorization') }, 201)
  })
  const server = await serveApp(app, 0)
  return {
    url: `http://127.0.0.1:${server.port}`,
    filed,
    lookups: () => lookups,
    refuseNext: (requests) => {
      refusals = requests
    },
    close: () => server.close(),
  }
}
