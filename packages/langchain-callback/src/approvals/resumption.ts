import type { BaseCheckpointSaver, CheckpointTuple } from '@langchain/langgraph'
import type { AgentRuntime } from '../agent-runtime.ts'
import type { ApprovalRequest } from './approval-request.ts'

/** What a task of a graph was paused with and is resumed with. */
export interface Resumption {
  /** The request that it paused with; undefined where it paused for something else, or not at all. */
  readonly shown: ApprovalRequest | undefined
  /** What it is resumed with for the first time now. */
  readonly answer: unknown
  /** The answer does not name the interrupt that it is for, and may be that of another call or of an earlier time. */
  readonly isUnaddressed: boolean
}

/** How many answers the interrupts of a task were given. */
export interface AnswerCounts {
  /** So far, this time included. */
  readonly given: number
  /** That are gone once it pauses again. */
  readonly used: number
}

type PendingWrite = NonNullable<CheckpointTuple['pendingWrites']>[number]

const NONE: Resumption = { shown: undefined, answer: undefined, isUnaddressed: false }

// What LangGraph hands to a task. It states no public way to read what a task was paused with; where one of these is not
// what it is now, no answer is recorded, and people decide elsewhere.
const SCRATCHPAD = '__pregel_scratchpad'
const CHECKPOINTER = '__pregel_checkpointer'
const RESUME_MAP = '__pregel_resume_map'
const TASK = '__pregel_task_id'
const INTERRUPT = '__interrupt__'

/** Counts the answers that the running task was given. */
export function countAnswers({ configurable = {} }: AgentRuntime): AnswerCounts {
  const { named, unnamed } = scratchpadOf(configurable)
  const used = named.length + unnamed.length
  // What was given without a name stays in the checkpoint, and comes again beside answers that have one.
  return { given: RESUME_MAP in configurable ? named.length : used, used }
}

/**
 * Reads from the checkpoint what the running task was paused with, and what it is resumed with. The request is that of
 * this very attempt: a tool that pauses with args of a model cannot pass them off as one.
 */
export async function resumptionOf({ configurable = {} }: AgentRuntime, attempt: string): Promise<Resumption> {
  const { named, unnamed } = scratchpadOf(configurable)
  const saver = configurable[CHECKPOINTER]
  if (named.length + unnamed.length === 0 || !isSaver(saver)) return NONE
  const { thread_id, checkpoint_ns = '' } = configurable
  const pausedIn = async (namespace: string): Promise<readonly PendingWrite[]> => {
    const place = { configurable: { thread_id, checkpoint_ns: namespace } }
    return ((await saver.getTuple(place))?.pendingWrites ?? []).filter(([, channel]) => channel === INTERRUPT)
  }
  const here = await pausedIn(String(checkpoint_ns).replace(/\|?[^|]*$/, ''))
  const own = here.filter(([task]) => task === configurable[TASK])
  const [shown, ...more] = own.flatMap(([, , value]) => requestIn(value, attempt))
  if (shown === undefined || more.length > 0) return NONE
  if (named.length === shown.answers + 1) return { shown, answer: named.at(-1), isUnaddressed: false }
  if (named.length !== shown.answers) return NONE
  const waiting = [...here, ...(await pausedIn(''))].flatMap(([task, , value]) => idsOf(value, task))
  return { shown, answer: unnamed[0], isUnaddressed: shown.answers > 0 || new Set(waiting).size > 1 }
}

interface Scratchpad {
  /** Given to this task: in earlier runs, or now by the id of its interrupt. */
  readonly named: readonly unknown[]
  /** Given to whichever task takes it. */
  readonly unnamed: readonly unknown[]
}

function scratchpadOf(configurable: NonNullable<AgentRuntime['configurable']>): Scratchpad {
  const scratchpad = configurable[SCRATCHPAD]
  if (!isObject(scratchpad) || !Array.isArray(scratchpad.resume)) return { named: [], unnamed: [] }
  const { resume, nullResume } = scratchpad
  return { named: resume, unnamed: nullResume === undefined ? [] : [nullResume] }
}

function isSaver(value: unknown): value is BaseCheckpointSaver {
  return isObject(value) && typeof value.getTuple === 'function'
}

/** Requests of an attempt among what a task paused with. */
function requestIn(written: unknown, attempt: string): ApprovalRequest[] {
  const paused = [written].flat()
  return paused.flatMap((interrupt) => {
    const value = isObject(interrupt) ? interrupt.value : undefined
    // What carries the attempt was written by this package: no model can know its hash, which is also over its args.
    return isObject(value) && value.attempt === attempt ? [value as unknown as ApprovalRequest] : []
  })
}

function idsOf(written: unknown, task: string): unknown[] {
  return [written].flat().map((interrupt) => (isObject(interrupt) ? interrupt.id : task))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
