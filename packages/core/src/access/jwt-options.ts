import { GovernanceError } from '@preceptor/client'
import { z } from 'zod'

/** Algorithms that a JWT may be signed with: asymmetric ones only. */
export type JwtAlgorithm = 'EdDSA' | 'ES256' | 'RS256' | 'PS256'

/** A public key of the issuer, as JWK. */
export interface PublicJwk {
  readonly kty: string
  readonly [parameter: string]: unknown
}

/** How JWTs are verified. */
export interface JwtOptions {
  /** The `iss` that tokens must carry. */
  readonly issuer: string
  /** The `aud` that tokens must carry. */
  readonly audience: string
  /** The keys of the issuer: the https address of its key set (loopback may be http), or the key set itself. */
  readonly jwks: string | { readonly keys: readonly PublicJwk[] }
  /** Default: all four. */
  readonly algorithms?: readonly JwtAlgorithm[]
  /** The `typ` that tokens must carry; default `at+jwt`, which tells access tokens from id tokens. */
  readonly type?: 'at+jwt' | 'JWT'
  /** The claim that names the workspace; default `workspace`. */
  readonly workspaceClaim?: string
  /** A claim (a list) whose roles count instead of those of the membership; without it a token grants no role. */
  readonly rolesFromToken?: string
  /** Seconds by which clocks may differ; default 5, at most 60. */
  readonly clockToleranceSeconds?: number
}

const ALGORITHMS: readonly JwtAlgorithm[] = ['EdDSA', 'ES256', 'RS256', 'PS256']
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])
const PRIVATE_PARAMETERS = ['d', 'p', 'q', 'k']

const publicKey = z
  .looseObject({ kty: z.enum(['OKP', 'EC', 'RSA'], 'only public keys (OKP, EC, RSA) verify tokens') })
  .refine((key) => PRIVATE_PARAMETERS.every((name) => !Object.hasOwn(key, name)), 'is a private key')

/** The options with their defaults. */
export interface ParsedJwtOptions {
  readonly issuer: string
  readonly audience: string
  readonly jwks: JwtOptions['jwks']
  readonly algorithms: readonly JwtAlgorithm[]
  readonly type: 'at+jwt' | 'JWT'
  readonly workspaceClaim: string
  readonly rolesFromToken?: string | undefined
  readonly clockToleranceSeconds: number
}

const schema: z.ZodType<ParsedJwtOptions> = z.strictObject({
  issuer: z.string().min(1),
  audience: z.string().min(1),
  jwks: z.union([
    z.string().refine(isSafeAddress, 'use an https address'),
    z.strictObject({ keys: z.array(publicKey).min(1) }),
  ]),
  algorithms: z
    .array(z.enum(['EdDSA', 'ES256', 'RS256', 'PS256']))
    .min(1)
    .default([...ALGORITHMS]),
  type: z.enum(['at+jwt', 'JWT']).default('at+jwt'),
  workspaceClaim: z.string().min(1).default('workspace'),
  rolesFromToken: z.string().min(1).optional(),
  clockToleranceSeconds: z.number().min(0).max(60).default(5),
})

/**
 * Checks the options and fills in the defaults.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export function parseJwtOptions(options: JwtOptions): ParsedJwtOptions {
  const result = schema.safeParse(options)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => `jwt.${path.map(String).join('.')}: ${message}.`)
  throw new GovernanceError('OPTION_INVALID', { message: problems.join(' ') })
}

function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname))
}
