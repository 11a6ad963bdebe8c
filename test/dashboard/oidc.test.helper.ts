import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose'

/** A server on this machine. */
export interface Listening {
  readonly address: string
  close(): Promise<void>
}

/** Lets a server listen. */
export async function listenOn(server: Server, port = 0): Promise<Listening> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A browser, as far as redirects and cookies go. */
export interface Browser {
  /** The cookies of each host, which tests may change. */
  readonly cookies: Map<string, Map<string, string>>
  /** Asks once, without following. */
  ask(address: string, init?: RequestInit): Promise<Response>
  /** Follows until an answer is no redirect, or one leads where `stop` says. */
  follow(
    address: string,
    stop?: (address: string) => boolean,
  ): Promise<{ readonly at: string; readonly response: Response }>
}

/** Opens a browser without a cookie. */
export function openBrowser(): Browser {
  const cookies = new Map<string, Map<string, string>>()
  async function ask(address: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(address)
    const jar = cookies.get(host) ?? new Map<string, string>()
    cookies.set(host, jar)
    const headers = new Headers(init.headers)
    if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(address, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) keep(jar, line)
    return response
  }
  return {
    cookies,
    ask,
    async follow(start, stop = () => false) {
      let at = start
      for (let step = 0; step < 20; step += 1) {
        const response = await ask(at)
        const next = response.headers.get('location')
        if (next === null) return { at, response }
        at = new URL(next, at).href
        if (stop(at)) return { at, response }
      }
      throw new Error('The redirects do not end.')
    },
  }
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';')
  const name = pair.slice(0, pair.indexOf('='))
  const value = pair.slice(pair.indexOf('=') + 1)
  if (value === '' || /max-age=0/i.test(line)) jar.delete(name)
  else jar.set(name, value)
}

/** What the hostile provider answers to a code. */
export interface Forgery {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  readonly key?: CryptoKey | Uint8Array
  /** An id token as it is; null for none. */
  readonly idToken?: string | null
}

/** A provider that answers what it is told to, with a true discovery and a true key set. */
export interface HostileProvider extends Listening {
  forgery: Forgery
  /** Of the sign-in that is under way. */
  nonce: string
}

/** Opens it for a client. */
export async function openHostileProvider(clientId: string): Promise<HostileProvider> {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
  let provider: HostileProvider
  const idToken = async (): Promise<string | null> => {
    const { claims = {}, header = {}, key = privateKey, idToken: given } = provider.forgery
    if (given !== undefined) return given
    const now = Math.floor(Date.now() / 1_000)
    const own = { iss: provider.address, aud: clientId, sub: 'ana', nonce: provider.nonce, iat: now, exp: now + 300 }
    return new SignJWT({ ...own, ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(key)
  }
  const answers: Readonly<Record<string, () => Promise<object> | object>> = {
    '/.well-known/openid-configuration': () => ({
      issuer: provider.address,
      authorization_endpoint: `${provider.address}/auth`,
      token_endpoint: `${provider.address}/token`,
      jwks_uri: `${provider.address}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    '/jwks': () => ({ keys: [jwk] }),
    '/token': async () => {
      const token = await idToken()
      return { access_token: 'x', token_type: 'Bearer', expires_in: 60, ...(token === null ? {} : { id_token: token }) }
    },
  }
  const server = createServer(async (request, response) => {
    const answer = answers[(request.url ?? '').split('?')[0] ?? '']
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify((await answer?.()) ?? {}))
  })
  provider = { ...(await listenOn(server)), forgery: {}, nonce: '' }
  return provider
}
