import type { MetricSample } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { presenceMoment } from '../presence/presence-moment.ts'
import { countByPresence } from '../presence/presence-store.ts'
import {
  countAgents,
  countAgreement,
  countOpenProposals,
  countOpenSessions,
  countQueued,
  type LabelCount,
  listWorkspaces,
} from './gauge-store.ts'
import { GAUGES, type GaugeName } from './metric-families.ts'

/** What stands in the database, by the name of its gauge. */
export type Gauges = Readonly<Record<Exclude<GaugeName, 'up'>, readonly MetricSample[]>>

/** Values of labels that are there also while nothing has them: what falls to nothing falls to 0. */
const ALWAYS = {
  proposalsOpen: ['safe', 'medium', 'high', 'critical'],
  sessions: ['starting', 'running', 'pausing', 'paused', 'correcting'],
  queue: ['unwatched', 'offered', 'put_back'],
  agents: ['student', 'intern', 'supervised', 'autonomous'],
  presence: ['online', 'away', 'offline'],
} as const

/** Of more workspaces than these, agents and agreement are told of each alone: that is read one by one. */
const MOST_WORKSPACES = 200
const AT_ONCE = 4

interface Levels {
  readonly agents: readonly LabelCount[]
  readonly agreed: number
  readonly judged: number
}

/** Reads the gauges of one workspace, or of all as the system role (`*`); `withinMs` bounds each transaction. */
export async function readGauges(
  context: GovernorContext,
  { workspace, withinMs }: { readonly workspace: string; readonly withinMs: number },
): Promise<Gauges> {
  const isAll = workspace === '*'
  const scope = { workspace, deadlineMs: withinMs, ...(isAll ? { role: 'system' as const } : {}) }
  const { open, levels, names } = await inWorkspace(context.database, scope, async (tx) => ({
    open: await readOpen(context, tx),
    levels: isAll ? null : await readLevels(tx),
    names: isAll ? await listWorkspaces(tx, MOST_WORKSPACES + 1) : [],
  }))
  const level = levels ?? (names.length > MOST_WORKSPACES ? null : await addUp(context, names, withinMs))
  return {
    ...open,
    agents: level === null ? [] : samplesOf('agents', level.agents),
    agreement: level === null || level.judged === 0 ? [] : [{ labels: {}, value: level.agreed / level.judged }],
  }
}

async function readOpen(context: GovernorContext, tx: Tx): Promise<Omit<Gauges, 'agents' | 'agreement'>> {
  return {
    proposalsOpen: samplesOf('proposalsOpen', await countOpenProposals(tx)),
    sessions: samplesOf('sessions', await countOpenSessions(tx)),
    queue: samplesOf('queue', await countQueued(tx, isoTime(context.clock.now()))),
    presence: samplesOf('presence', await countByPresence(tx, presenceMoment(context))),
  }
}

async function readLevels(tx: Tx): Promise<Levels> {
  return { agents: await countAgents(tx), ...(await countAgreement(tx)) }
}

/** The system role does not see what agents have earned: each workspace is asked as itself. */
async function addUp(context: GovernorContext, names: readonly string[], withinMs: number): Promise<Levels> {
  const all: Levels[] = []
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const group = names.slice(at, at + AT_ONCE)
    const read = group.map((workspace) =>
      inWorkspace(context.database, { workspace, deadlineMs: withinMs }, readLevels),
    )
    all.push(...(await Promise.all(read)))
  }
  return {
    agents: all.flatMap(({ agents }) => agents),
    agreed: all.reduce((sum, { agreed }) => sum + agreed, 0),
    judged: all.reduce((sum, { judged }) => sum + judged, 0),
  }
}

function samplesOf(name: keyof typeof ALWAYS, counted: readonly LabelCount[]): readonly MetricSample[] {
  const counts = new Map<string, number>(ALWAYS[name].map((label) => [label, 0]))
  for (const { label, count } of counted) counts.set(label, (counts.get(label) ?? 0) + count)
  const [labelName] = GAUGES[name].labelNames
  return [...counts].map(([label, value]) => ({ labels: { [labelName]: label }, value }))
}
