import type pg from 'pg'
import type { Fleet, Slot } from './fleet.ts'
import type { TamperedVersion } from './history.ts'
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

/** What of a round incidents concern. */
export interface IncidentScope {
  readonly workspaces: readonly string[]
  /** Told of each version that somebody changed. */
  readonly onTampered: (version: TamperedVersion) => void
}

const AFTERMATH_MS = 2_500

/** Lets something befall the processes; says whether it did. */
export async function befall(ports: IncidentPorts, incident: Incident, scope: IncidentScope): Promise<boolean> {
  const { fleet, redis } = ports
  if (incident.kind === 'flush-redis' || incident.kind === 'kill-redis') {
    if (redis === undefined) return false
    await (incident.kind === 'flush-redis' ? ports.flushRedis() : redis.kill())
    return true
  }
  if (incident.kind === 'tamper') return tamper(ports, scope)
  if (incident.kind === 'terminate') return terminate(ports, incident.share)
  const slot = fleet.slots[incident.slot]
  if (slot === undefined || !slot.isOpen) return false
  return befallSlot(fleet, slot, incident)
}

function befallSlot(
  fleet: Fleet,
  slot: Slot,
  incident: Exclude<Incident, { kind: 'flush-redis' | 'kill-redis' | 'tamper' | 'terminate' }>,
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

// Whoever holds the proposal while it is claimed comes first. The database itself refuses this to everybody but its owner.
const TAMPER = `
  with chosen as (
    select id, version from proposals where workspace_id = any($1) and state = 'approved' limit 4 for update
  )
  update proposal_versions v set args = v.args || '{"n": 666}' from chosen
  where v.proposal_id = chosen.id and v.version = chosen.version
  returning v.proposal_id as proposal, v.version`

async function tamper({ database }: IncidentPorts, { workspaces, onTampered }: IncidentScope): Promise<boolean> {
  await database.query("begin; set local session_replication_role = 'replica'")
  const { rows } = await database.query<TamperedVersion>(TAMPER, [workspaces])
  await database.query('commit')
  for (const row of rows) onTampered(row)
  return rows.length > 0
}
