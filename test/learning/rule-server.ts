/** What a model is asked, as rules look at it. */
export interface RulePrompt {
  readonly model: string
  /** The messages of the system. */
  readonly system: string
  /** The last message of the user. */
  readonly user: string
  /** All messages before it. */
  readonly before: string
}

/** What a model says to some of the prompts. */
export interface Rule {
  readonly name: string
  readonly when: (prompt: RulePrompt) => boolean
  readonly answer: (prompt: RulePrompt) => string
}

/** A model behind HTTP that answers by rules. */
export interface RuleServer {
  /** What a client takes as its base address. */
  readonly url: string
  /** All calls, the oldest first. */
  readonly calls: readonly {
    readonly prompt: RulePrompt
    readonly rule: string | null
    readonly answer: string | null
  }[]
  setLatency(milliseconds: number): void
  /** HTTP status that every call fails with from now on; null ends the outage. */
  setOutage(status: number | null): void
  setRules(rules: readonly Rule[]): void
  forgetCalls(): void
  close(): Promise<void>
}

/** A question on refunds that a model answers wrongly until its prompt holds the instruction. */
export interface RefundCase {
  readonly id: string
  readonly task: string
  readonly wrong: string
  readonly right: string
  readonly instruction: string
}

interface RefundModule {
  readonly REFUND_CASES: readonly RefundCase[]
  refundRules(): readonly Rule[]
}

interface RuleServerModule {
  startRuleServer(options: { readonly rules: readonly Rule[]; readonly latencyMs?: number }): Promise<RuleServer>
}

// The examples are a project of their own, which the compiler does not let this one import by path.
const load = (name: string): Promise<unknown> => import(new URL(`../../examples/${name}`, import.meta.url).href)

/** The questions on refunds, and the rules of a model that answers, corrects and rates them. */
export async function loadRefunds(): Promise<RefundModule> {
  return (await load('refund-rules.ts')) as RefundModule
}

/** Starts a model behind HTTP that answers by rules; without any, by those on refunds. */
export async function startRuleServer({
  rules,
  latencyMs = 0,
}: {
  readonly rules?: readonly Rule[]
  readonly latencyMs?: number
} = {}): Promise<RuleServer> {
  const server = (await load('rule-server.ts')) as RuleServerModule
  return server.startRuleServer({ rules: rules ?? (await loadRefunds()).refundRules(), latencyMs })
}
