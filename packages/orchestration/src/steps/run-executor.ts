import { GovernanceError, type GuardCall, type JsonValue } from '@preceptor/client'

const MOST_BYTES = 65_536

/**
 * Calls an executor and waits for it as long as it may run; afterwards it is aborted, and what it still gives is not used.
 *
 * @throws GovernanceError `STEP_TIMED_OUT`; and whatever it throws, as it is.
 */
export async function withinTime(
  call: GuardCall,
  execute: (call: GuardCall) => unknown,
  timeoutMs: number,
): Promise<unknown> {
  const late = new AbortController()
  const fault = new GovernanceError('STEP_TIMED_OUT', {
    message: `It ran longer than ${timeoutMs / 1_000} s; whether it took effect is not known.`,
  })
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late.abort(fault)
      reject(fault)
    }, timeoutMs)
  })
  const signal = AbortSignal.any([call.signal, late.signal])
  try {
    const running = Promise.resolve(execute({ ...call, signal }))
    // What comes too late is nobody's any more.
    running.catch(() => undefined)
    return await Promise.race([running, over])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * What an executor gave, as the output of its step: JSON of at most 64 kB.
 *
 * @throws GovernanceError `STEP_FAILED`
 */
export function asOutput(value: unknown): JsonValue {
  if (value === undefined) return null
  const text = textOf(value)
  if (text === undefined) throw new GovernanceError('STEP_FAILED', { message: 'It took effect, but gave no JSON.' })
  if (Buffer.byteLength(text) > MOST_BYTES) {
    throw new GovernanceError('STEP_FAILED', {
      message: `It took effect, but its output has ${Buffer.byteLength(text)} bytes; at most ${MOST_BYTES} are kept.`,
    })
  }
  return JSON.parse(text)
}

function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
