import { GovernanceError, type Role } from '@preceptor/client'
import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { Clock } from '../kernel/clock.ts'
import { hashCredential } from './api-key-secret.ts'
import { type JwtOptions, type ParsedJwtOptions, parseJwtOptions } from './jwt-options.ts'
import { assertPlainToken } from './plain-token.ts'

/** What a verified JWT says. */
export interface JwtClaims {
  readonly workspace: string
  readonly subject: string
  /** Roles that the token grants; null where tokens cannot grant any. */
  readonly roles: readonly Role[] | null
  /** `jti` of the token, else the beginning of its hash. */
  readonly id: string
}

/** Verifies JWTs of one issuer. */
export interface JwtVerifier {
  /**
   * @throws GovernanceError `CREDENTIAL_INVALID`, or `IDENTITY_PROVIDER_UNAVAILABLE` when its keys cannot be had.
   */
  verify(token: string): Promise<JwtClaims>
}

const MOST_CHARACTERS = 8_192
const VERIFIED_TTL_MS = 60_000
const MOST_VERIFIED = 10_000
const KEYS_TIMEOUT_MS = 2_000
const KEYS_COOLDOWN_MS = 30_000
// The last second that a clock can show.
const LATEST_SECONDS = 8_640_000_000_000
const ROLES: readonly Role[] = ['admin', 'supervisor', 'viewer']

/**
 * Makes the verifier of one issuer.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export function createJwtVerifier(options: JwtOptions, clock: Pick<Clock, 'now'>): JwtVerifier {
  const parsed = parseJwtOptions(options)
  const findKey = keysOf(parsed.jwks)
  const verified = new Map<string, { readonly claims: JwtClaims; readonly until: number }>()

  async function verifyAnew(token: string): Promise<JWTPayload> {
    assertPlain(token)
    try {
      const { payload } = await jwtVerify(token, findKey, {
        algorithms: [...parsed.algorithms],
        issuer: parsed.issuer,
        audience: parsed.audience,
        typ: parsed.type,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: parsed.clockToleranceSeconds,
        currentDate: new Date(clock.now()),
      })
      return payload
    } catch (error) {
      throw toFault(error)
    }
  }

  function remember(hash: string, claims: JwtClaims, payload: JWTPayload): void {
    const oldest = verified.keys().next()
    if (verified.size >= MOST_VERIFIED && oldest.done !== true) verified.delete(oldest.value)
    verified.set(hash, { claims, until: Math.min((payload.exp ?? 0) * 1_000, clock.now() + VERIFIED_TTL_MS) })
  }

  return {
    async verify(token) {
      if (token.length > MOST_CHARACTERS) throw invalid()
      const hash = hashCredential(token)
      const known = verified.get(hash)
      if (known !== undefined && clock.now() < known.until) return known.claims
      verified.delete(hash)
      const payload = await verifyAnew(token)
      const claims = readClaims(payload, hash, parsed)
      remember(hash, claims, payload)
      return claims
    },
  }
}

function keysOf(jwks: JwtOptions['jwks']): JWTVerifyGetKey {
  if (typeof jwks !== 'string') return createLocalJWKSet({ keys: jwks.keys.map((key) => ({ ...key })) })
  return createRemoteJWKSet(new URL(jwks), { timeoutDuration: KEYS_TIMEOUT_MS, cooldownDuration: KEYS_COOLDOWN_MS })
}

function assertPlain(token: string): void {
  try {
    assertPlainToken(token)
  } catch (cause) {
    throw invalid(cause)
  }
}

function readClaims(payload: JWTPayload, hash: string, options: ParsedJwtOptions): JwtClaims {
  const workspace = own(payload, options.workspaceClaim)
  const { sub, jti, exp = Number.NaN } = payload
  if (!(exp <= LATEST_SECONDS)) throw invalid()
  if (typeof workspace !== 'string' || typeof sub !== 'string' || sub.length === 0 || sub.length > 200) throw invalid()
  const id = typeof jti === 'string' && jti.length <= 200 ? jti : hash.slice(0, 16)
  const granted = options.rolesFromToken === undefined ? null : own(payload, options.rolesFromToken)
  const roles = granted === null ? null : ROLES.filter((role) => Array.isArray(granted) && granted.includes(role))
  return { workspace, subject: sub, roles, id }
}

function own(payload: JWTPayload, claim: string): unknown {
  return Object.hasOwn(payload, claim) ? payload[claim] : undefined
}

function invalid(cause?: unknown): GovernanceError {
  return new GovernanceError('CREDENTIAL_INVALID', cause === undefined ? {} : { cause })
}

/** Says nothing about which check failed: that would help whoever forges. */
function toFault(error: unknown): GovernanceError {
  const isToken =
    error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid)
  // jose throws its bare base class when the key server answers with anything but 200 and JSON.
  if (isToken && error.code !== 'ERR_JOSE_GENERIC') return invalid(error)
  return new GovernanceError('IDENTITY_PROVIDER_UNAVAILABLE', { cause: error })
}
