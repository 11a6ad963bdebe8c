import { AsyncLocalStorage } from 'node:async_hooks'
import type { GuardCall } from '@preceptor/client'

const calls = new AsyncLocalStorage<GuardCall>()

/**
 * The guarded call that the running tool works for, by which it tells whoever watches how far it is, and asks between
 * its effects whether it may go on; undefined where no gate let it through. What a supervisor says at a checkpoint of
 * the tool reaches the model with its result, too.
 *
 * @example
 * ```ts
 * import { guardedCall } from '@preceptor/langchain-callback'
 * import { tool } from 'langchain'
 * import { z } from 'zod'
 *
 * export const sendAll = tool(
 *   async ({ addresses }) => {
 *     const call = guardedCall()
 *     for (const [index, address] of addresses.entries()) {
 *       await call?.checkpoint() // waits while the run is paused, and throws once it is terminated
 *       call?.emit({ kind: 'progress', value: index / addresses.length, message: address })
 *     }
 *     return 'sent'
 *   },
 *   { name: 'send_all', schema: z.object({ addresses: z.array(z.string()) }) },
 * )
 * ```
 */
export function guardedCall(): GuardCall | undefined {
  return calls.getStore()
}

/** Runs the work of a tool for a guarded call, and adds what its checkpoints give to what the model is told. */
export function workFor<T>(guarded: GuardCall, work: (call: GuardCall) => T): T {
  const guidance = [...guarded.guidance]
  const checkpoint: GuardCall['checkpoint'] = async () => {
    const passed = await guarded.checkpoint()
    guidance.push(...passed.guidance)
    return passed
  }
  const call = { ...guarded, guidance, checkpoint }
  return calls.run(call, () => work(call))
}
