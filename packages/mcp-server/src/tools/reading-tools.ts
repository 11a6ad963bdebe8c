import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Agent,
  type AgentQuery,
  type ConfidenceEntry,
  type ControlScope,
  explainDecision,
  LIFECYCLES,
  MATURITIES,
  type MaturityTransition,
  type Page,
  type Proposal,
  type RecordQuery,
} from '@preceptor/client'
import { z } from 'zod'
import { declareTool, READS, type Tool, type ToolCall } from '../tool.ts'
import { afterProposal, afterQueueEntry, afterSession, afterTraining, LONGEST_WAIT_SECONDS } from './next-step.ts'
import {
  agent,
  confidenceEntry,
  decisionRecord,
  maturityTransition,
  proposal,
  queueEntry,
  supervisionSession,
  text,
  trainingProposal,
} from './schemas.ts'

const LOOK_EVERY_MS = 500
const PROGRESS_EVERY_MS = 5_000
const RECENT = 10

const id = z.string().min(1).max(200)
const byId = z.strictObject({ id })
const page = {
  limit: z.int().min(1).max(100).exactOptional(),
  cursor: z.string().min(1).max(1_024).describe('The cursor of the page before').exactOptional(),
}
const agentQuery: z.ZodType<AgentQuery> = z.strictObject({
  ...page,
  maturity: z.enum(MATURITIES).exactOptional(),
  lifecycle: z.enum(LIFECYCLES).exactOptional(),
})
const recordQuery: z.ZodType<RecordQuery> = z.strictObject({
  ...page,
  agent: z.string().min(1).max(128).exactOptional(),
  state: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .describe('One state, or active for everything that has not ended')
    .exactOptional(),
})

const listOf = <T>(item: z.ZodType<T>) =>
  z.strictObject({ items: z.array(item), cursor: z.nullable(text).describe('Hand it back for the next page') })

function toList<T>({ items, next }: Page<T>): { items: T[]; cursor: string | null } {
  return { items: [...items], cursor: next }
}

/** An agent with the latest changes of its maturity and confidence. */
export interface AgentMaturity {
  readonly agent: Agent
  readonly transitions: MaturityTransition[]
  readonly confidence: ConfidenceEntry[]
}

/** What the maturity of an agent is, and how it came to it. */
export async function readMaturity({ agents }: ControlScope, agentId: string): Promise<AgentMaturity> {
  return {
    agent: await agents.get(agentId),
    transitions: [...(await agents.transitions(agentId, { limit: RECENT })).items],
    confidence: [...(await agents.confidence(agentId, { limit: RECENT })).items],
  }
}

/** Looks: what waits, what was decided and why, what agents have earned. */
export const READING_TOOLS: readonly Tool[] = [
  declareTool({
    name: 'get_proposal',
    title: 'Get a proposal',
    description: `Reads a proposal; with waitSeconds (at most ${LONGEST_WAIT_SECONDS}) it answers as soon as somebody has decided.`,
    annotations: READS,
    input: byId.extend({ waitSeconds: z.int().min(0).max(LONGEST_WAIT_SECONDS).exactOptional() }),
    output: z.strictObject({ proposal, next: text }),
    handle: async (input, call) => {
      const found = await awaitDecision(input.id, (input.waitSeconds ?? 0) * 1_000, call)
      return { proposal: found, next: afterProposal(found) }
    },
  }),
  declareTool({
    name: 'list_proposals',
    title: 'List proposals',
    description: 'Lists proposals, newest first.',
    annotations: READS,
    input: recordQuery,
    output: listOf(proposal),
    handle: async (query, { scope }) => toList(await scope.proposals.list(query)),
  }),
  declareTool({
    name: 'get_agent_maturity',
    title: 'Get the maturity of an agent',
    description: 'Reads how far an agent is trusted, its confidence in basis points, and its latest changes of both.',
    annotations: READS,
    input: z.strictObject({
      agent: z.string().min(1).max(128).describe('Default: the agent of the credential').exactOptional(),
    }),
    output: z.strictObject({ agent, transitions: z.array(maturityTransition), confidence: z.array(confidenceEntry) }),
    handle: (input, { scope }) => readMaturity(scope, input.agent ?? scope.principal.id),
  }),
  declareTool({
    name: 'list_agents',
    title: 'List agents',
    description: 'Lists the agents that the caller may see.',
    annotations: READS,
    input: agentQuery,
    output: listOf(agent),
    handle: async (query, { scope }) => toList(await scope.agents.list(query)),
  }),
  declareTool({
    name: 'list_training',
    title: 'List training',
    description: 'Lists the training that was proposed because actions were blocked, newest first.',
    annotations: READS,
    input: recordQuery,
    output: listOf(trainingProposal).extend({ next: text }),
    handle: async (query, { scope }) => {
      const list = toList(await scope.trainingProposals.list(query))
      return { ...list, next: afterTraining(list.items) }
    },
  }),
  declareTool({
    name: 'get_supervision_session',
    title: 'Get a supervision session',
    description: 'Reads the session under which a supervisor watches a run: go on only while it is running.',
    annotations: READS,
    input: byId,
    output: z.strictObject({ session: supervisionSession, next: text }),
    handle: async (input, { scope }) => {
      const session = await scope.sessions.get(input.id)
      return { session: supervisionSession.parse(session), next: afterSession(session) }
    },
  }),
  declareTool({
    name: 'explain_decision',
    title: 'Explain a decision',
    description: 'Reads a decision back, with the reason, the args, and how the run ended where there was one.',
    annotations: READS,
    input: byId,
    output: z.strictObject({ record: decisionRecord, explanation: text }),
    handle: async (input, { scope }) => {
      const record = await scope.decisions.get(input.id)
      return { record, explanation: explainDecision(record.decision) }
    },
  }),
  declareTool({
    name: 'get_queue_entry',
    title: 'Get a queue entry',
    description: 'Reads a run that waits for a supervisor.',
    annotations: READS,
    input: byId,
    output: z.strictObject({ entry: queueEntry, next: text }),
    handle: async (input, { scope }) => {
      const entry = await scope.queue.get(input.id)
      return { entry, next: afterQueueEntry(entry) }
    },
  }),
]

/** Looks again and again, and holds nothing in between. */
async function awaitDecision(proposalId: string, withinMs: number, call: ToolCall): Promise<Proposal> {
  const started = Date.now()
  let told = started
  for (;;) {
    const found = await call.scope.proposals.get(proposalId)
    const now = Date.now()
    const left = started + withinMs - now
    if (found.state !== 'pending' || left <= 0) return found
    if (now - told >= PROGRESS_EVERY_MS) {
      told = now
      await call.progress((now - started) / 1_000, withinMs / 1_000)
    }
    await sleep(Math.min(LOOK_EVERY_MS, left), undefined, { signal: call.signal })
  }
}
