import { FLEET, STOP_REASON } from './fleet.ts'
import type { HttpClient } from './http-client.ts'
import { attempt, requestOf } from './http-fleet.ts'
import type { Log } from './log.ts'
import { refundOf } from './steps.ts'

/** Who attempts what must be refused. */
export interface RefusalClients {
  readonly log: Log
  readonly person: HttpClient
  readonly agents: ReadonlyMap<string, HttpClient>
}

/** A person acts by hand in the name of the student: that runs, with a warning. */
export async function actByHand({ person, log }: RefusalClients, round: string): Promise<void> {
  const [student] = FLEET
  if (student === undefined) return
  await attempt(person, log, { ...requestOf(refundOf(student.order)), agent: student.id, key: `${round}-by-hand` })
}

/** Attempts that are denied even to the most trusted agent: bad args, an unknown action, and a kill switch. */
export async function attemptRefused(clients: RefusalClients, round: string): Promise<void> {
  const { agents, log, person } = clients
  const trusted = agents.get('autonomous')
  if (trusted === undefined) throw new Error('The autonomous agent has no credential.')
  const badArgs = { action: 'refund.create', args: { order: '1004', cents: 'all of it' } }
  await attempt(trusted, log, { ...requestOf(badArgs), key: `${round}-bad-args` })
  const unknown = { action: 'database.drop', args: { name: 'orders' } }
  await attempt(trusted, log, { method: 'post', path: '/api/triggers', body: unknown })
  const stop = { target: 'agent', agent: 'autonomous', reason: STOP_REASON }
  const { id } = await person.require({ method: 'post', path: '/api/stops', body: stop })
  try {
    await attempt(trusted, log, { ...requestOf(refundOf('1004')), key: `${round}-stopped` })
  } finally {
    const reason = encodeURIComponent('The demo has shown it.')
    await person.require({ method: 'delete', path: `/api/stops/${id}?reason=${reason}` })
  }
}
