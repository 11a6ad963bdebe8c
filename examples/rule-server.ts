import { setTimeout as wait } from 'node:timers/promises'
import { type ModelMessage, startModelServer } from './model-server.ts'

/** What a model is asked, as rules look at it. */
export interface RulePrompt {
  readonly model: string
  /** The messages of the system, one after the other. */
  readonly system: string
  /** The last message of the user. */
  readonly user: string
  /** All messages before the last one of the user. */
  readonly before: string
}

/** What a model says to some of the prompts. */
export interface Rule {
  readonly name: string
  readonly when: (prompt: RulePrompt) => boolean
  readonly answer: (prompt: RulePrompt) => string
}

/** One call that came in. */
export interface RuleCall {
  readonly prompt: RulePrompt
  /** Name of the rule that answered; null where none did, or during an outage. */
  readonly rule: string | null
  readonly answer: string | null
}

/** How a server of rules begins. */
export interface RuleServerOptions {
  /** The first whose `when` holds answers; where none does, the call fails with 400. */
  readonly rules: readonly Rule[]
  /** How long each answer takes; default 0. */
  readonly latencyMs?: number
  /** Default: any free port. */
  readonly port?: number
}

/** A model behind HTTP that answers by rules. */
export interface RuleServer {
  /** What a client takes as its base address. */
  readonly url: string
  /** All calls, the oldest first. */
  readonly calls: readonly RuleCall[]
  setLatency(milliseconds: number): void
  /** HTTP status that every call fails with from now on; null ends the outage. */
  setOutage(status: number | null): void
  setRules(rules: readonly Rule[]): void
  forgetCalls(): void
  close(): Promise<void>
}

/** Starts a server on 127.0.0.1 that speaks the chat completions of OpenAI and answers by rules over the prompt. */
export async function startRuleServer({ rules, latencyMs = 0, port = 0 }: RuleServerOptions): Promise<RuleServer> {
  const calls: RuleCall[] = []
  const state = { rules, latencyMs, outage: null as number | null }
  const server = await startModelServer(
    async ({ model, messages }) => {
      const prompt = promptOf(model, messages)
      const { outage } = state
      const rule = outage === null ? state.rules.find(({ when }) => when(prompt)) : undefined
      const answer = rule?.answer(prompt) ?? null
      calls.push({ prompt, rule: rule?.name ?? null, answer })
      if (state.latencyMs > 0) await wait(state.latencyMs)
      return answer === null ? { failure: outage ?? 400 } : { text: answer }
    },
    { port },
  )
  return {
    url: server.url,
    calls,
    setLatency: (milliseconds) => {
      state.latencyMs = milliseconds
    },
    setOutage: (status) => {
      state.outage = status
    },
    setRules: (changed) => {
      state.rules = changed
    },
    forgetCalls: () => {
      calls.length = 0
    },
    close: () => server.close(),
  }
}

function promptOf(model: string, messages: readonly ModelMessage[]): RulePrompt {
  const last = messages.findLastIndex(({ role }) => role === 'user')
  const isSystem = ({ role }: ModelMessage): boolean => role === 'system' || role === 'developer'
  return {
    model,
    system: messages.filter(isSystem).map(textOf).join('\n'),
    user: last < 0 ? '' : textOf(messages[last]),
    before: messages
      .filter((_, index) => index !== last)
      .map(textOf)
      .join('\n'),
  }
}

function textOf(message: ModelMessage | undefined): string {
  const content = message?.content
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part: { readonly text?: unknown }) => (typeof part.text === 'string' ? part.text : '')).join('')
}
