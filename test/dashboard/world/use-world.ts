import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll } from 'vitest'
import { modelAt } from '../../learning/models.ts'
import type { RuleServer } from '../../learning/rule-server.ts'
import { type PastTime, pastTime } from '../grown-agent.test.helper.ts'
import { type Stage, type StageOptions, useStage } from '../stage.ts'
import { type AdministrationIds, makeAdministration } from './administration.ts'
import { makeAgents, passWeeks } from './agents.ts'
import { type LearningIds, makeLearning } from './learning.ts'
import { makerOf } from './maker.ts'
import { startWorldModel } from './model.ts'
import { makeOrchestration, type OrchestrationIds } from './orchestration.ts'
import { makeProposals, type ProposalIds } from './proposals.ts'
import { makeSupervision, type Supervision, type SupervisionIds } from './supervision.ts'
import { makeTraining, scenariosOf, type TrainingIds } from './training.ts'
import type { Texts } from './usual-texts.ts'

/** Ids of the records of a world. */
export interface WorldIds {
  readonly proposals: ProposalIds
  readonly training: TrainingIds
  readonly learning: LearningIds
  readonly orchestration: OrchestrationIds
  readonly supervision: SupervisionIds
  readonly administration: AdministrationIds
}

/** A stage with records of every kind. */
export interface World {
  readonly stage: Stage
  readonly ids: WorldIds
}

/** How a world came to be. */
export interface WorldOptions {
  /** Weeks that lie behind it; default 6. */
  readonly weeks?: number
}

interface Servers {
  readonly model: RuleServer
  /** Where webhooks send to. */
  readonly receiver: string
}

const BUILT_WITHIN_MS = 240_000
const DAYS_PER_WEEK = 7
const DAYS_BESIDE = 4
const LONG_MS = 3_600_000

/** Opens a stage whose agents and people have worked for weeks, every text of theirs being one of `texts`. */
export function useWorld(texts: Texts, { weeks = 6 }: WorldOptions = {}): World {
  const time = pastTime(weeks * DAYS_PER_WEEK + DAYS_BESIDE)
  const closing: (() => Promise<unknown>)[] = []
  let servers: Servers | undefined
  let made: WorldIds | undefined
  let live: Supervision | undefined
  beforeAll(async () => {
    const [model, receiver] = [await startWorldModel(texts), await startReceiver()]
    closing.push(receiver.close, () => model.close())
    servers = { model, receiver: receiver.origin }
  })
  const stage = useStage(() => stageOptions(texts, time, opened(servers)))
  beforeAll(async () => {
    const { model, receiver } = opened(servers)
    const maker = makerOf(stage, { time, texts, receiver, stall: () => model.setLatency(LONG_MS) })
    await makeAgents(maker)
    await passWeeks(maker, weeks)
    const training = await makeTraining(maker)
    live = await makeSupervision(maker)
    made = {
      training,
      supervision: live,
      proposals: await makeProposals(maker),
      learning: await makeLearning(maker),
      orchestration: await makeOrchestration(maker),
      administration: await makeAdministration(maker),
    }
  }, BUILT_WITHIN_MS)
  // Before the stage closes: nothing is waited for any more.
  afterAll(async () => {
    live?.release()
    for (const close of closing) await close()
  })
  return {
    stage,
    get ids() {
      return opened(made)
    },
  }
}

function opened<Opened>(value: Opened | undefined): Opened {
  if (value === undefined) throw new Error('The world is there only inside tests.')
  return value
}

function stageOptions(texts: Texts, time: PastTime, { model, receiver }: Servers): StageOptions {
  const improver = modelAt(model)
  return {
    offsetMs: time.offsetMs,
    scenarios: scenariosOf(texts),
    outbound: { allow: [receiver] },
    reviewers: { checker: { model: improver } },
    metaAgent: { model: improver },
    learning: { improver, automatic: false, heldOutShare: 0.5, timeoutMs: LONG_MS },
    // Who watches a run and who may attach to one stays as it is for as long as pages are looked at.
    settings: { deadlineMs: 20_000, attachWithinMs: LONG_MS, supervisorLeaseMs: LONG_MS },
    actions: {
      'refund.create': {
        risk: 'high',
        args: REFUND,
        execute: () => texts('effect.output'),
        summary: ({ to }) => `Refund to ${String(to)}`,
        preview: ({ amountCents, to, reason }) => [
          { kind: 'money', amount: Number(amountCents), currency: 'EUR', label: 'Refund' },
          {
            kind: 'kv',
            items: [
              { label: 'To', value: String(to) },
              { label: 'Reason', value: String(reason) },
            ],
          },
        ],
      },
      'report.export': { risk: 'medium', description: texts('action.description') },
      'report.write': {
        risk: 'medium',
        description: texts('action.description'),
        execute: ({ args }) => {
          if (args.fails === true) throw new Error(texts('effect.error'))
          return texts('effect.output')
        },
      },
    },
  }
}

/** Schema of the args of a refund. */
const REFUND = {
  type: 'object',
  required: ['amountCents', 'to'],
  additionalProperties: false,
  properties: {
    amountCents: { type: 'integer', minimum: 1, maximum: 500_000 },
    to: { type: 'string' },
    reason: { type: 'string' },
    notify: { type: 'boolean' },
    method: { enum: ['card', 'bank'] },
  },
} as const

/** A server that takes what it is sent at one path, loses it at another, and refuses it at all others. */
async function startReceiver(): Promise<{ readonly origin: string; readonly close: () => Promise<unknown> }> {
  const server: Server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.url?.startsWith('/lost')) response.destroy()
      else response.writeHead(request.url?.startsWith('/taken') ? 204 : 503).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server does not listen.')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}
