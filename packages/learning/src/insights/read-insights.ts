import { type Actor, getAgent, inWorkspace, isoTime, parseInput, type Tx } from '@preceptor/core/plugin'
import { z } from 'zod'
import { agentTypeOf } from '../agent-type.ts'
import type { AgentInsights, AgentMetrics, TrainingOpportunity } from '../client/feedback.ts'
import { countUnapplied } from '../examples/training-store.ts'
import { parseAgentId } from '../feedback/parse-feedback.ts'
import type { FeedbackPorts } from '../ports/feedback-ports.ts'
import { detectOpportunities, REPEATS_WITHIN_MS } from './detect-opportunities.ts'
import { countByKind, countIssues, listCorrections, readResponseTime } from './insight-store.ts'
import { insightsOf } from './insights-of.ts'
import { metricsOf } from './metrics.ts'

const DAY_MS = 86_400_000
// Each is compared with the others.
const MOST_CORRECTIONS = 500

const query = z.strictObject({ days: z.int().min(1).max(365).default(30) })

type Days = { readonly days?: number }

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readMetrics(
  ports: FeedbackPorts,
  actor: Actor,
  agent: string,
  asked: Days = {},
): Promise<AgentMetrics> {
  ports.authorizer.authorize(actor, 'learning.feedback.metrics')
  const span = parseSpan(ports, agent, asked)
  ports.authorizer.authorize(actor, 'learning.feedback.metrics', span)
  return inWorkspace(ports.context.database, { workspace: actor.workspace }, async (tx) => {
    await getAgent(tx, span.agent)
    return metricsIn(tx, span)
  })
}

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readInsights(
  ports: FeedbackPorts,
  actor: Actor,
  agent: string,
  asked: Days = {},
): Promise<AgentInsights> {
  ports.authorizer.authorize(actor, 'learning.feedback.insights')
  const span = parseSpan(ports, agent, asked)
  const access = ports.authorizer.authorize(actor, 'learning.feedback.insights', span)
  const insights = await inWorkspace(ports.context.database, { workspace: actor.workspace }, async (tx) => {
    const agentType = agentTypeOf(await getAgent(tx, span.agent))
    return insightsOf({
      metrics: await metricsIn(tx, span),
      tags: await countIssues(tx, span),
      opportunities: await opportunitiesIn(ports, tx, { agent: span.agent }),
      unapplied: await countUnapplied(tx, { agentType }),
    })
  })
  if (access !== 'redacted') return insights
  // They are words out of texts that the reader does not see.
  return { ...insights, opportunities: insights.opportunities.map((one) => ({ ...one, terms: [] })) }
}

/** Finds what is corrected again and again: of one agent, of one agent type, or in the whole workspace. */
export async function opportunitiesIn(
  { context }: FeedbackPorts,
  tx: Tx,
  { agent, agentType }: { readonly agent?: string; readonly agentType?: string },
): Promise<readonly TrainingOpportunity[]> {
  const now = context.clock.now()
  const from = isoTime(now - REPEATS_WITHIN_MS)
  const latest = { agent: agent ?? null, agentType: agentType ?? null, from, limit: MOST_CORRECTIONS }
  return detectOpportunities(await listCorrections(tx, latest), now)
}

interface Span {
  readonly agent: string
  readonly from: string
  readonly to: string
  readonly middle: string
}

function parseSpan({ context }: FeedbackPorts, agent: string, asked: Days): Span {
  const { days } = parseInput(query, asked, 'query')
  // What was given in this very millisecond counts.
  const end = Math.floor(context.clock.now()) + 1
  const length = days * DAY_MS
  return {
    agent: parseAgentId(agent),
    from: isoTime(end - length),
    to: isoTime(end),
    middle: isoTime(end - length / 2),
  }
}

async function metricsIn(tx: Tx, span: Span): Promise<AgentMetrics> {
  const { agent, from, to } = span
  return metricsOf({
    agent,
    from,
    to,
    counts: await countByKind(tx, span),
    responseTimeMs: await readResponseTime(tx, span),
  })
}
