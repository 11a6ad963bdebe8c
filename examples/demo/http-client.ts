import { type Decision, GovernanceError, isErrorCode, ROUTES } from '@preceptor/client'

/** What a request was answered with. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

/** One request. */
export interface HttpRequest {
  readonly method: 'get' | 'post' | 'delete'
  readonly path: string
  readonly body?: object
  /** Makes a repeated request the same attempt. */
  readonly key?: string
  /** The agent that acts, where the credential does not say it. */
  readonly agent?: string
}

/** A client with the credential of one principal. */
export interface HttpClient {
  send(request: HttpRequest): Promise<Answer>
  /**
   * Sends a request that must succeed.
   *
   * @throws GovernanceError with the code of the problem that it was answered with.
   */
  require(request: HttpRequest): Promise<Answer['body']>
}

/** Makes a client of a server for the bearer of a key. */
export function httpClient(server: string, credential: string): HttpClient {
  const send = async ({ method, path, body, key, agent }: HttpRequest): Promise<Answer> => {
    const response = await fetch(`${server}${path}`, {
      method: method.toUpperCase(),
      headers: {
        authorization: `Bearer ${credential}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(agent === undefined ? {} : { 'preceptor-agent': agent }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const parsed: unknown = await response.json()
    return { status: response.status, headers: response.headers, body: isRecord(parsed) ? parsed : {} }
  }
  return {
    send,
    async require(request) {
      const { status, body } = await send(request)
      if (status < 300) return body
      const code = isErrorCode(body.code) ? body.code : 'INTERNAL'
      const message = `${request.method.toUpperCase()} ${request.path}: ${status} ${String(body.detail)}`
      throw new GovernanceError(code, { message })
    },
  }
}

/** The decision in an answer: beside the result, in a problem, or the whole of it. */
export function decisionIn({ body }: Pick<Answer, 'body'>): Decision | undefined {
  return [body.decision, body].find(isDecision)
}

function isDecision(value: unknown): value is Decision {
  return isRecord(value) && typeof value.id === 'string' && ROUTES.some((route) => route === value.route)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
