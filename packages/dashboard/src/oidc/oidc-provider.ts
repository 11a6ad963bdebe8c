import { GovernanceError } from '@preceptor/client'
import type { Configuration } from 'openid-client'
import { isOnThisMachine, type ParsedOidcOptions } from './oidc-options.ts'

/** What a sign-in holds until the person comes back; it stays in the browser that began it. */
export interface SignInAttempt {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  /** Path of the page to show afterwards. */
  readonly returnTo: string
}

/** The provider, as the dashboard asks it. */
export interface OidcProvider {
  /**
   * Begins a sign-in: where to send the person, and what to keep meanwhile.
   *
   * @throws GovernanceError `IDENTITY_PROVIDER_UNAVAILABLE`
   */
  begin(returnTo: string): Promise<{ readonly address: URL; readonly attempt: SignInAttempt }>
  /**
   * Ends it: who came back, by the `sub` of a token whose signature, issuer, audience and nonce were checked.
   *
   * @throws GovernanceError `CREDENTIAL_INVALID` for whatever does not fit, `IDENTITY_PROVIDER_UNAVAILABLE`.
   */
  end(query: string, attempt: SignInAttempt): Promise<string>
}

const TIMEOUT_SECONDS = 5
const LONGEST_SUBJECT = 200
/** Faults of openid-client that come of a provider which is away, rather than of what somebody sent. */
const AWAY = new Set(['OAUTH_TIMEOUT', 'OAUTH_HTTP_REQUEST_FORBIDDEN', 'OAUTH_RESPONSE_IS_NOT_CONFORM'])

/** Speaks to the provider of these options; it is looked up when the first person signs in. */
export function createOidcProvider(options: ParsedOidcOptions): OidcProvider {
  const redirectUri = `${options.publicUrl}/oidc/callback`
  let found: Promise<Configuration> | undefined
  const configuration = (): Promise<Configuration> => {
    found ??= discover(options).catch((error: unknown) => {
      // Asked again by the next person.
      found = undefined
      throw unavailable(error)
    })
    return found
  }
  return {
    async begin(returnTo) {
      const [client, config] = [await import('openid-client'), await configuration()]
      const attempt = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        returnTo,
      }
      const address = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid',
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
      })
      return { address, attempt }
    },
    async end(query, { state, nonce, verifier }) {
      const [client, config] = [await import('openid-client'), await configuration()]
      const tokens = await client
        .authorizationCodeGrant(config, new URL(`${redirectUri}${query}`), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        .catch((error: unknown) => {
          throw isAway(error) ? unavailable(error) : new GovernanceError('CREDENTIAL_INVALID', { cause: error })
        })
      const subject = tokens.claims()?.sub ?? ''
      if (subject === '' || subject.length > LONGEST_SUBJECT) throw new GovernanceError('CREDENTIAL_INVALID')
      return subject
    },
  }
}

async function discover({ issuer, clientId, clientSecret }: ParsedOidcOptions): Promise<Configuration> {
  const client = await import('openid-client')
  const authentication = clientSecret === undefined ? client.None() : client.ClientSecretPost(clientSecret)
  return client.discovery(issuer, clientId, {}, authentication, {
    timeout: TIMEOUT_SECONDS,
    execute: [
      // Without it the signature of a token that came straight from the provider is not looked at.
      client.enableNonRepudiationChecks,
      ...(isOnThisMachine(issuer) ? [client.allowInsecureRequests] : []),
    ],
  })
}

function isAway(error: unknown): boolean {
  if (error instanceof TypeError && error.message === 'fetch failed') return true
  return error instanceof Error && 'code' in error && AWAY.has(String(error.code))
}

function unavailable(cause: unknown): GovernanceError {
  return new GovernanceError('IDENTITY_PROVIDER_UNAVAILABLE', { cause })
}
