import type { Identity } from '@preceptor/client'
import type { Context } from 'hono'

const callers = new WeakMap<Context, Identity>()

/** Notes who a request is of, once that was verified. */
export function noteCaller(c: Context, identity: Identity): Identity {
  callers.set(c, identity)
  return identity
}

/** Who a request is of; undefined where nobody was identified. */
export function callerOf(c: Context): Identity | undefined {
  return callers.get(c)
}
