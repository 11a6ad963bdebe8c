import { type Decision, GovernanceError, type JsonObject, type StoredOutcome, type Trigger } from '@preceptor/client'
import { z } from 'zod'
import { assertNotByHand } from '../assert-not-by-hand.ts'
import { decidedArgs } from '../decided-args.ts'
import { declareTool, READS, type Tool, type ToolCall } from '../tool.ts'
import { afterCheck, afterDecision } from './next-step.ts'
import { assessment, decision, jsonObject, jsonValue } from './schemas.ts'

const name = (text: string): z.ZodString => z.string().min(1).max(128).describe(text)
const key = z.string().min(1).max(200)
const request = z.strictObject({
  action: name('Registered name of the action, such as refund.create'),
  args: jsonObject.describe('Arguments of the action: exactly what would run'),
  agent: name('The agent that acts; only where the credential is not that of an agent').exactOptional(),
  resource: z.string().min(1).max(500).describe('What the action is about, such as an order id').exactOptional(),
  context: jsonObject.describe('What reviewers should know beside the args; never part of what runs').exactOptional(),
  idempotencyKey: key.describe('Makes a repeated request the same attempt: it runs at most once').exactOptional(),
})
type Request = z.output<typeof request>

interface Answer {
  readonly decision: Decision
  readonly mayRun: boolean
  readonly args?: JsonObject
  readonly idempotencyKey: string
  readonly next: string
}

const answer: z.ZodType<Answer> = z.strictObject({
  decision,
  mayRun: z.boolean().describe('Whether the caller must run the action now'),
  args: jsonObject.describe('Run it with exactly these').exactOptional(),
  idempotencyKey: z.string().describe('Names this attempt when it is requested again'),
  next: z.string().describe('What to do now'),
})

const outcome = z.strictObject({
  decisionId: key.describe('Id of the decision of request_action'),
  status: z.enum(['succeeded', 'failed']),
  value: jsonValue.describe('What the action gave, where it succeeded; at most 64 kB are kept').exactOptional(),
  message: z.string().min(1).max(2_000).describe('Why it failed').exactOptional(),
})

/** Attempts: looking ahead, requesting, reporting. */
export const ACTION_TOOLS: readonly Tool[] = [
  declareTool({
    name: 'check_action',
    title: 'Check an action',
    description:
      'Says how an action would be decided now, without any effect. It allows nothing: use request_action before you run an action.',
    annotations: READS,
    input: request.omit({ idempotencyKey: true }),
    output: z.strictObject({ assessment, next: z.string() }),
    handle: async (input, call) => {
      const assessed = await call.scope.check(await toTrigger(input, call))
      return { assessment: assessed, next: afterCheck(assessed) }
    },
  }),
  declareTool({
    name: 'request_action',
    title: 'Request an action',
    description:
      'Asks for permission to run an action; call it before every action. Where mayRun is true, run the action yourself at once, once, with exactly the args of the answer, then call report_outcome. Where it is false, do not run it: next says what to do.',
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    input: request,
    output: answer,
    handle: async (input, call) => {
      const trigger = await toTrigger(input, call)
      // A run under watch is held open until its report; everything else is one decision.
      const isWatched = (await call.scope.check(trigger)).route === 'supervision'
      return isWatched ? requestUnderWatch(trigger, call) : requestAlone(trigger, call)
    },
  }),
  declareTool({
    name: 'report_outcome',
    title: 'Report an outcome',
    description:
      'Reports how an action ended that request_action let you run. Call it once for each run, also when it failed.',
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    input: outcome,
    output: z.strictObject({ recorded: z.literal(true), next: z.string() }),
    handle: async ({ decisionId, ...reported }, { scope, runs }) => {
      const stored = toOutcome(reported)
      if (!(await runs.settle(decisionId, stored))) await scope.report(decisionId, stored)
      return { recorded: true as const, next: 'It is on record. Do not run the action again for this request.' }
    },
  }),
]

/** An agent acts for itself; everybody else says for whom. */
async function toTrigger({ agent, action, ...rest }: Request, { scope, digests, admit }: ToolCall): Promise<Trigger> {
  const { principal } = scope
  assertNotByHand(scope)
  const acting = agent ?? (principal.kind === 'agent' ? principal.id : undefined)
  if (acting === undefined) {
    throw new GovernanceError('INPUT_INVALID', { message: 'arguments.agent: name the agent that acts.' })
  }
  await admit(acting)
  const digest = (await digests()).get(action)
  return { agent: acting, action, ...rest, ...(digest === undefined ? {} : { digest }) }
}

async function requestAlone(trigger: Trigger, { scope }: ToolCall): Promise<Answer> {
  const decided = await scope.decide(trigger, { claim: true })
  // The gate takes the id of the decision where no key is given.
  const idempotencyKey = trigger.idempotencyKey ?? decided.id
  if (decided.route !== 'execution') return withheld(decided, idempotencyKey)
  const args = await decidedArgs(scope, decided, trigger.args)
  return { decision: decided, mayRun: true, args, idempotencyKey, next: afterDecision(decided) }
}

async function requestUnderWatch(trigger: Trigger, { runs, signal }: ToolCall): Promise<Answer> {
  const begun = await runs.start(trigger, signal)
  if ('status' in begun) return withheld(begun.decision, trigger.idempotencyKey ?? begun.decision.id)
  const { decision: decided, args, idempotencyKey } = begun
  return { decision: decided, mayRun: true, args, idempotencyKey, next: afterDecision(decided) }
}

function withheld(decided: Decision, idempotencyKey: string): Answer {
  const next =
    decided.route === 'supervision'
      ? 'Do not run it yet: call request_action again with the same args and the idempotencyKey of this answer.'
      : afterDecision(decided)
  return { decision: decided, mayRun: false, idempotencyKey, next }
}

function toOutcome({ status, value = null, message }: Omit<z.output<typeof outcome>, 'decisionId'>): StoredOutcome {
  if (status === 'succeeded') return { status, value, stored: true }
  return { status, message: message ?? 'The caller did not say why.' }
}
