import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { isSecure } from '../session.ts'
import type { SignInAttempt } from './oidc-provider.ts'

const TTL_SECONDS = 600

/** Keeps a sign-in in the browser that began it; it comes back with the person, from another site. */
export function keepAttempt(c: Context, attempt: SignInAttempt): void {
  setCookie(c, nameOf(c), Buffer.from(JSON.stringify(attempt)).toString('base64url'), {
    ...optionsOf(c),
    maxAge: TTL_SECONDS,
  })
}

/** Takes the sign-in that this browser began, once. */
export function takeAttempt(c: Context): SignInAttempt | undefined {
  const kept = getCookie(c, nameOf(c))
  deleteCookie(c, nameOf(c), optionsOf(c))
  if (kept === undefined) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(kept, 'base64url').toString('utf8'))
    return isAttempt(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isAttempt(value: unknown): value is SignInAttempt {
  const names: readonly (keyof SignInAttempt)[] = ['state', 'nonce', 'verifier', 'returnTo']
  return typeof value === 'object' && value !== null && names.every((name) => isText(Reflect.get(value, name)))
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.length > 0

const nameOf = (c: Context): string => (isSecure(c) ? '__Host-preceptor_sign_in' : 'preceptor_sign_in')

function optionsOf(c: Context) {
  return { path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure(c) } as const
}
