import type pg from 'pg'
import type { Fleet, Slot } from './fleet.ts'
import type { Incident } from './plan.ts'
import type { FaultyRedis } from './services.ts'

/** What incidents stand on. */
export interface IncidentPorts {
  readonly fleet: Fleet
  /** Past all proxies, as a superuser. */
  readonly database: pg.Client
  readonly redis: FaultyRedis | undefined
  readonly flushRedis: () => Promise<void>
}

const AFTERMATH_MS = 2_500

/** Lets something befall the processes; says whether it did. */
export async function befall(ports: IncidentPorts, incident: Incident): Promise<boolean> {
  const { fleet, redis } = ports
  if (incident.kind === 'flush-redis' || incident.kind === 'kill-redis') {
    if (redis === undefined) return false
    await (incident.kind === 'flush-redis' ? ports.flushRedis() : redis.kill())
    return true
  }
  if (incident.kind === 'terminate') return terminate(ports, incident.share)
  const slot = fleet.slots[incident.slot]
  if (slot === undefined || !slot.isOpen) return false
  return befallSlot(fleet, slot, incident)
}

function befallSlot(
  fleet: Fleet,
  slot: Slot,
  incident: Exclude<Incident, { kind: 'flush-redis' | 'kill-redis' | 'terminate' }>,
): boolean {
  switch (incident.kind) {
    case 'kill':
      fleet.kill(slot)
      break
    case 'freeze':
      fleet.freeze(slot, incident.forMs)
      break
    case 'drop':
      fleet.disturb(slot, 'drop', AFTERMATH_MS)
      slot.way.drop()
      break
    case 'stall':
      fleet.disturb(slot, 'stall', incident.forMs + AFTERMATH_MS)
      slot.way.stall(incident.forMs)
      break
    case 'latency':
      fleet.disturb(slot, 'latency', incident.forMs + AFTERMATH_MS)
      slot.way.delay(incident.delayMs, incident.forMs)
      break
    case 'clock':
      slot.process.child.send({ type: 'clock', offsetMs: incident.offsetMs })
      break
    default:
      return incident satisfies never
  }
  return true
}

/** Ends a share of the connections of the processes from the server's side. */
async function terminate({ fleet, database }: IncidentPorts, share: number): Promise<boolean> {
  const ports = fleet.slots.flatMap(({ way }) => way.serverSidePorts())
  const chosen = ports.slice(0, Math.ceil(ports.length * share))
  for (const slot of fleet.slots) fleet.disturb(slot, 'terminate', AFTERMATH_MS)
  const { rowCount } = await database.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where client_port = any($1::int[]) and datname = current_database()',
    [chosen],
  )
  return rowCount !== 0
}
