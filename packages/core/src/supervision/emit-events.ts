import { GovernanceError, type JsonObject, type RunEvent } from '@preceptor/client'
import { z } from 'zod'
import { parseInput } from '../access/parse-input.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { hiddenValues, hideValues } from '../journal/hide-values.ts'
import { isoTime } from '../kernel/clock.ts'
import { addSessionEvents } from './add-session-events.ts'
import { countSessionEvents } from './session-event-store.ts'
import { findStep, holdsClaim, type StepRow } from './step-store.ts'
import { lockSession } from './store.ts'

const MOST_TEXT = 8_000
const MOST_OF_A_SESSION = 20_000

const text = z.string().max(1_000_000)
const event = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('log'), level: z.enum(['debug', 'info', 'warn', 'error']), message: text }),
  z.strictObject({ kind: z.literal('progress'), value: z.number().min(0).max(1), message: text.optional() }),
  z.strictObject({ kind: z.literal('output'), text }),
])
const events = z.array(event).max(100)

/** Events of one run of a session. */
export interface RunEvents {
  readonly workspace: string
  readonly sessionId: string
  /** Its decision. */
  readonly stepId: string
  /** What proves that it is the one that runs. */
  readonly claim: { readonly executionId: string; readonly fence: number }
  readonly events: readonly RunEvent[]
}

/** @throws GovernanceError `INPUT_INVALID` for what is no event. */
export function parseRunEvents(value: readonly RunEvent[]): readonly RunEvent[] {
  return parseInput(events, value, 'events') as readonly RunEvent[]
}

/**
 * Adds to the stream of a session what its run says; a run that lost its claim says nothing any more. Secrets are
 * redacted, and long texts cut.
 *
 * @throws GovernanceError `EXECUTION_FENCED`, `LIMIT_EXCEEDED` for a session that has said too much, or the code of a fault.
 */
export async function emitEvents(context: GovernorContext, run: RunEvents): Promise<void> {
  const { workspace, sessionId, stepId, claim } = run
  const options = { workspace, deadlineMs: context.settings.deadlineMs, retry: true, named: true }
  await inWorkspace(context.database, options, async (tx) => {
    const session = await lockSession(tx, sessionId)
    if (session === undefined || !(await holdsClaim(tx, claim))) throw new GovernanceError('EXECUTION_FENCED')
    if ((await countSessionEvents(tx, sessionId)) > MOST_OF_A_SESSION) throw new GovernanceError('LIMIT_EXCEEDED')
    const hidden = hiddenIn(await findStep(tx, stepId))
    const said = run.events.map((one) => ({ kind: one.kind, body: { step: stepId, ...shown(one, hidden) } }))
    await addSessionEvents(context, tx, { session: sessionId, events: said, at: isoTime(context.clock.now()) })
  })
}

/** What the schema of the action hides: a run has it in hand, and must not say it. */
function hiddenIn(step: StepRow | undefined): readonly string[] {
  if (step === undefined) return []
  const { args, correctedArgs, sensitive } = step
  return [args, correctedArgs ?? {}].flatMap((one) => hiddenValues({ args: one, sensitive }))
}

function shown(said: RunEvent, hidden: readonly string[]): JsonObject {
  switch (said.kind) {
    case 'log':
      return { level: said.level, message: cut(said.message, hidden) }
    case 'progress':
      return { value: said.value, ...(said.message === undefined ? {} : { message: cut(said.message, hidden) }) }
    case 'output':
      return { text: cut(said.text, hidden) }
    default:
      return said satisfies never
  }
}

function cut(said: string, hidden: readonly string[]): string {
  const safe = hideValues(said.slice(0, 4 * MOST_TEXT), hidden)
  return safe.length <= MOST_TEXT ? safe : `${safe.slice(0, MOST_TEXT)}…`
}
