import { GovernanceError } from '@preceptor/client'

/** How people sign in by an OpenID Connect provider, beside an API key. */
export interface OidcOptions {
  /** Address of the provider: https, or http on this machine. */
  readonly issuer: string
  readonly clientId: string
  /** Of a confidential client; a public one goes by PKCE alone. */
  readonly clientSecret?: string
  /**
   * Address of the dashboard as browsers see it. Register it with the provider as the address to come back to, with
   * `/oidc/callback` behind it.
   */
  readonly publicUrl: string
  /** Where people are signed in; default `default`. Who comes must be a member of it by the `sub` of the provider. */
  readonly workspace?: string
  /** What the button says behind "Sign in with"; default the host of the issuer. */
  readonly label?: string
  /** Milliseconds that a session lasts at most; default 12 h. */
  readonly sessionMs?: number
}

/** The options with their defaults. */
export interface ParsedOidcOptions {
  readonly issuer: URL
  readonly clientId: string
  readonly clientSecret: string | undefined
  /** Without a slash at its end. */
  readonly publicUrl: string
  readonly workspace: string
  readonly label: string
  readonly sessionMs: number
}

const DEFAULT_SESSION_MS = 12 * 3_600_000
const LONGEST_SESSION_MS = 7 * 24 * 3_600_000
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Checks the options and fills in the defaults.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export function parseOidcOptions(options: OidcOptions): ParsedOidcOptions {
  const { clientId, clientSecret, workspace = 'default', sessionMs = DEFAULT_SESSION_MS } = options
  const issuer = addressOf('issuer', options.issuer)
  const publicUrl = addressOf('publicUrl', options.publicUrl)
  if (typeof clientId !== 'string' || clientId === '') throw invalid('clientId: it is missing.')
  if (clientSecret === '') throw invalid('clientSecret: it is empty.')
  if (publicUrl.search !== '' || publicUrl.hash !== '') throw invalid('publicUrl: it has a query.')
  if (!(sessionMs >= 60_000 && sessionMs <= LONGEST_SESSION_MS)) throw invalid('sessionMs: from a minute to 7 days.')
  return {
    issuer,
    clientId,
    clientSecret,
    publicUrl: publicUrl.href.replace(/\/+$/, ''),
    workspace,
    label: options.label ?? issuer.host,
    sessionMs,
  }
}

/** Whether an address needs no TLS, because nobody is between. */
export function isOnThisMachine({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && LOOPBACK.has(hostname)
}

function addressOf(name: string, address: unknown): URL {
  if (typeof address === 'string' && URL.canParse(address)) {
    const url = new URL(address)
    if ((url.protocol === 'https:' || isOnThisMachine(url)) && url.username === '' && url.password === '') return url
  }
  throw invalid(`${name}: use an https address.`)
}

function invalid(problem: string): GovernanceError {
  return new GovernanceError('OPTION_INVALID', { message: `oidc.${problem}` })
}
