import { GovernanceError, type GuardCall } from '@preceptor/client'

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
