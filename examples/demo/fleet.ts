import { type ControlScope, GovernanceError, type Maturity, type Role } from '@preceptor/client'

/** One agent of the fleet, with the order that it works on. */
export interface FleetAgent {
  readonly id: string
  readonly maturity: Maturity
  readonly order: string
}

/** One agent of each maturity; all of them attempt the same. */
export const FLEET: readonly FleetAgent[] = [
  { id: 'student', maturity: 'student', order: '1001' },
  { id: 'intern', maturity: 'intern', order: '1002' },
  { id: 'supervised', maturity: 'supervised', order: '1003' },
  { id: 'autonomous', maturity: 'autonomous', order: '1004' },
]

/** As trusted as can be, and paused: it never runs. */
export const PAUSED: FleetAgent = { id: 'paused', maturity: 'autonomous', order: '1005' }

/** Watches supervised runs; owns no agent. */
export const SUPERVISOR = 'sam'
/** Signs in and acts by hand. */
export const PERSON = 'pat'

const PEOPLE: readonly { readonly id: string; readonly displayName: string; readonly roles: readonly Role[] }[] = [
  { id: SUPERVISOR, displayName: 'Sam, supervisor', roles: ['supervisor'] },
  { id: PERSON, displayName: 'Pat, administrator of the shop', roles: ['admin'] },
]

/** Registers the agents and the people that are not there yet, and clears what an interrupted round left set. */
export async function prepareFleet(system: ControlScope): Promise<void> {
  for (const { id, ...person } of PEOPLE) await system.members.put(id, person)
  for (const agent of [...FLEET, PAUSED]) await registerOnce(system, agent)
  const { lifecycle } = await system.agents.get(PAUSED.id)
  if (lifecycle === 'active') await system.agents.pause(PAUSED.id, 'The demo shows that a paused agent never runs.')
  await liftLeftStops(system)
}

async function registerOnce(system: ControlScope, { id, maturity }: FleetAgent): Promise<void> {
  try {
    await system.agents.register({ id, maturity, displayName: `Demo agent "${id}"`, category: 'Finance' })
  } catch (error) {
    if (!GovernanceError.isInstance(error) || error.code !== 'AGENT_EXISTS') throw error
  }
}

/** What the stop of the demo gives as its reason, by which a later start knows it again. */
export const STOP_REASON = 'The demo shows the kill switch.'

async function liftLeftStops(system: ControlScope): Promise<void> {
  const { items } = await system.stops.list({ limit: 100 })
  const left = items.filter(({ reason, liftedAt }) => reason === STOP_REASON && liftedAt === null)
  for (const { id } of left) await system.stops.lift(id, 'Left by a round that was interrupted.')
}
