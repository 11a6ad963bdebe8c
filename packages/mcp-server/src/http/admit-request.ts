import { createHash } from 'node:crypto'
import { type CallerAddress, GovernanceError, type Governor, type Identity } from '@preceptor/client'
import { METHODS } from './problem.ts'

/** Whom an endpoint answers. */
export interface AdmissionOptions {
  /** Names by which the endpoint is called, without ports; default: those of the machine itself (localhost). */
  readonly allowedHosts?: readonly string[]
  /** Web origins whose pages may call it, such as `https://app.example`; default: its own. */
  readonly allowedOrigins?: readonly string[]
}

/** Who sent a request. */
export interface Caller {
  readonly identity: Identity
  /** Digest of the credential and of all that it gives. */
  readonly owner: string
}

/** How a request came to its governor. */
interface Reached {
  readonly governor: Governor
  readonly from: CallerAddress | undefined
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']
const BEARER = /^Bearer ([A-Za-z0-9._~+/=-]+)$/
const MOST_BYTES = 262_144

/**
 * Admits a request: its host and origin first, so that no web page reaches the endpoint through a name that it made
 * point here; then method, credential and size.
 *
 * @throws GovernanceError `ORIGIN_REFUSED`, `METHOD_NOT_ALLOWED`, `PRINCIPAL_REQUIRED`, `CREDENTIAL_INVALID`,
 * `WORKSPACE_UNKNOWN`, `RATE_LIMITED`, `BODY_TOO_LARGE`, or the code of a fault.
 */
export async function admitRequest(
  request: Request,
  { governor, from, allowedHosts = LOOPBACK, allowedOrigins = [] }: AdmissionOptions & Reached,
): Promise<Caller> {
  const host = request.headers.get('host') ?? new URL(request.url).host
  if (!allowedHosts.includes(host.replace(/:\d+$/, ''))) {
    throw new GovernanceError('ORIGIN_REFUSED', {
      message: `The host ${JSON.stringify(host.slice(0, 200))} is refused.`,
    })
  }
  const origin = request.headers.get('origin')
  if (origin !== null && !allowedOrigins.includes(origin) && hostOf(origin) !== host) {
    const message = `The origin ${JSON.stringify(origin.slice(0, 200))} is refused.`
    throw new GovernanceError('ORIGIN_REFUSED', { message })
  }
  if (!METHODS.includes(request.method)) throw new GovernanceError('METHOD_NOT_ALLOWED')
  const credential = credentialOf(request)
  const identity = await governor.authenticate(credential, from)
  await governor.admit?.({ identity })
  if (Number(request.headers.get('content-length')) > MOST_BYTES) throw new GovernanceError('BODY_TOO_LARGE')
  return { identity, owner: ownerOf(credential, identity) }
}

/** Bytes that the transport reads of a body whose length is not stated. */
export const MOST_BODY_BYTES: number = MOST_BYTES

/** Who comes back with another credential, or with other rights, begins a session with those. */
function ownerOf(credential: string, { workspace, principal, source }: Identity): string {
  const { kind, id, roles, scopes, agents } = principal
  const whole = JSON.stringify([credential, workspace, kind, id, roles, scopes, agents, source])
  return createHash('sha256').update(whole).digest('hex')
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

function credentialOf(request: Request): string {
  const header = request.headers.get('authorization')
  const credential = BEARER.exec(header ?? '')?.[1]
  if (credential !== undefined) return credential
  throw new GovernanceError(header === null ? 'PRINCIPAL_REQUIRED' : 'CREDENTIAL_INVALID')
}
