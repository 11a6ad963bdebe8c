import type { JsonObject, ReviewVerdict } from '@preceptor/client'
import { z } from 'zod'
import { redactText } from '../journal/redact-text.ts'
import { isPlainObject } from '../kernel/plain-object.ts'
import { guardReview } from '../meta-agent/guard-review.ts'
import type { ReviewFacts } from '../meta-agent/review-facts.ts'
import { reviewByRules } from '../meta-agent/review-rules.ts'
import { askForJson } from '../models/ask-for-json.ts'
import type { ChatMessage, ChatModel } from '../models/chat-model.ts'
import { readVerdict } from './read-verdict.ts'

/** What a reviewer said; whatever is no verdict is `escalate`. */
export interface Said {
  readonly verdict: ReviewVerdict
  /** One sentence each. */
  readonly reasons: readonly string[]
  /** Whether there was no valid verdict in time. */
  readonly isFault: boolean
  /** With `escalate`: the args as they should be, where it says so. */
  readonly suggestedArgs?: JsonObject
}

const VERDICTS = ['approve', 'deny', 'escalate'] as const satisfies readonly ReviewVerdict[]
const REPLY = z
  .strictObject({
    verdict: z.enum(VERDICTS),
    action_hash: z.string(),
    reasons: z.array(z.string().trim().min(1).max(500)).min(1).max(5),
    // What is inside of JSON was looked at by the guard of JSON.
    suggested_args: z
      .custom<JsonObject>((value) => typeof value === 'object' && value !== null && isPlainObject(value))
      .exactOptional(),
  })
  // Whoever wants other args has no verdict on these.
  .refine(({ verdict, suggested_args }) => suggested_args === undefined || verdict === 'escalate', {
    path: ['suggested_args'],
  })

/** Leaves it to people, because there was no verdict. */
export function noVerdict(reason: string): Said {
  return { verdict: 'escalate', reasons: [reason], isFault: true }
}

/** Asks a model for its verdict, once; never throws. Only a valid one on this very action counts. */
export async function askReviewer(
  model: ChatModel,
  {
    messages,
    actionHash,
    timeoutMs,
  }: { readonly messages: readonly ChatMessage[]; readonly actionHash: string; readonly timeoutMs: number },
): Promise<Said> {
  let problem: string | null = null
  const strict: ChatModel = {
    invoke: async (asked, options) => {
      const read = readVerdict(await model.invoke(asked, options))
      if ('text' in read) return read.text
      problem = read.problem
      return ''
    },
  }
  const answer = await askForJson(strict, { messages, schema: REPLY, timeoutMs })
  if (answer.result === 'outage') return noVerdict('The model could not be asked.')
  if (problem !== null) return noVerdict(`The model gave no verdict: ${String(problem)}.`)
  if (answer.result === 'invalid') return noVerdict(answer.message)
  if (answer.value.action_hash !== actionHash) return noVerdict('The reply of the model is about another action.')
  const { verdict, reasons, suggested_args: suggestedArgs } = answer.value
  const said = { verdict, reasons: reasons.map((reason) => redactText(reason)), isFault: false }
  return suggestedArgs === undefined ? said : { ...said, suggestedArgs }
}

const BY_RULES = { approve: 'approve', reject: 'deny', modify: 'escalate', escalate: 'escalate' } as const

/** The verdict of the rules by which proposals are advised on. */
export function verdictByRules(facts: ReviewFacts): Said {
  const { verdict, reasons, suggested } = guardReview(reviewByRules(facts), facts)
  const said = { verdict: BY_RULES[verdict], reasons, isFault: false }
  return suggested === null ? said : { ...said, suggestedArgs: suggested }
}
