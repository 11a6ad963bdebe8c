import type { ControlPlane, EffectivePlaybook, Identity, PlaybookUse } from '@preceptor/client'

/** How playbooks are loaded. */
export interface LoaderOptions {
  /** Milliseconds for which an answer, or that there was none, is used again. */
  readonly refreshMs: number
  /** Milliseconds after which the run goes on without an answer. */
  readonly deadlineMs: number
  /** Told of each answer that did not come. */
  readonly onFault: (error: unknown) => void
}

/** Who asks, and for whom. */
export interface Question {
  readonly identity: Identity
  readonly use: PlaybookUse
}

interface Loaded {
  readonly at: number
  readonly answer: Promise<EffectivePlaybook | null>
}

const MOST_KEPT = 1_000

/** Loads effective playbooks, each question once in a while. A fault is an answer, too: that there is none. */
export function createPlaybookLoader(
  governor: Pick<ControlPlane, 'as'>,
  { refreshMs, deadlineMs, onFault }: LoaderOptions,
): (question: Question) => Promise<EffectivePlaybook | null> {
  const kept = new Map<string, Loaded>()
  const load = async ({ identity, use }: Question): Promise<EffectivePlaybook | null> => {
    try {
      return await within(deadlineMs, governor.as(identity).playbooks.effective(use))
    } catch (error) {
      onFault(error)
      return null
    }
  }
  return (question) => {
    const key = JSON.stringify([question.identity, question.use])
    const known = kept.get(key)
    const now = performance.now()
    if (known !== undefined && now - known.at < refreshMs) return known.answer
    const loaded = { at: now, answer: load(question) }
    // What was asked for longest ago goes first.
    kept.delete(key)
    kept.set(key, loaded)
    const [oldest] = kept.keys()
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    return loaded.answer
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The playbook did not come within ${ms} ms.`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
