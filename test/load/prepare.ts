import { connectGovernor } from '@preceptor/client'
import type { LoadedServer } from './start-server.ts'

/** Credentials of those who send. */
export interface Callers {
  readonly admin: string
  /** A service that acts for every agent. */
  readonly service: string
}

/** The agents: one that runs everything, and one that asks. */
export const AGENTS = { autonomous: 'runner', intern: 'novice' } as const

const SCOPES = ['triggers.decide', 'triggers.check', 'agents.list', 'proposals.list', 'decisions.get']

/** Registers what the load is about. */
export async function prepare({ address, key }: LoadedServer): Promise<Callers> {
  const governor = connectGovernor({ url: `${address}/api`, token: key })
  const admin = governor.as(await governor.authenticate(key))
  const known = new Set((await admin.agents.list()).items.map(({ id }) => id))
  for (const maturity of ['autonomous', 'intern'] as const) {
    if (known.has(AGENTS[maturity])) continue
    await admin.agents.register({ id: AGENTS[maturity], maturity, ownerId: 'system' })
  }
  await admin.registerActions({
    'order.read': { risk: 'safe' },
    'note.write': { risk: 'medium' },
    'refund.create': { risk: 'high' },
  })
  const service = { displayName: 'load', principalKind: 'service', principalId: 'load', scopes: SCOPES } as const
  return { admin: key, service: (await admin.keys.create(service)).secret }
}
