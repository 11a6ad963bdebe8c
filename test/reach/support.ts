import { createServer, request as httpRequest, type Server } from 'node:http'
import { type ConnectOptions, connectGovernor, type Governor, type Scope, type Trigger } from '@preceptor/client'
import { createFailpoints, createTestGovernor, type Failpoints, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { createHostKey, type Served, serve } from './serve.ts'

/** The lease of a claim in these tests, in milliseconds. */
export const LEASE_MS = 3_000

/** A governor behind HTTP, and what these tests keep asking for. */
export interface Reach {
  readonly test: TestGovernor
  readonly failpoints: Failpoints
  /** Where the API is mounted. */
  readonly url: string
  /** Credential of a service that hosts guards. */
  readonly token: string
  connect(options?: Partial<ConnectOptions>): Governor
  scopeOf(agent: string, governor?: Governor): Scope
  /** Registers an agent of that maturity, and gives its id. */
  agentOf(maturity: Parameters<TestGovernor['register']>[1]): Promise<string>
  interpose(meddle: Meddle): Promise<Interposed>
  /** Closes it after the test. */
  closing(...opened: readonly { close(): Promise<unknown> }[]): void
}

/** What becomes of a request, by its path and how often that was asked for. */
export type Meddle = (path: string, times: number) => 'pass' | 'cut_answer' | 'cut'

/** What stands between a client and the governor. */
export interface Interposed {
  readonly url: string
  /** The paths that were asked for. */
  readonly asked: readonly string[]
  close(): Promise<unknown>
}

/** Opens a governor behind HTTP for the tests of a file. */
export function useReach(): Reach {
  let test: TestGovernor | undefined
  let served: Served | undefined
  let token = ''
  let names = 0
  const failpoints = createFailpoints()
  const opened: { close(): Promise<unknown> }[] = []
  beforeAll(async () => {
    const settings = { claimLeaseMs: LEASE_MS }
    test = await createTestGovernor({ settings, workspaces: ['default', 'other'], testing: failpoints })
    served = await serve(test.governor)
    token = await createHostKey(test.admin)
  })
  afterAll(async () => {
    await served?.close()
    await test?.close()
  })
  afterEach(async () => {
    for (const { close } of opened.splice(0)) await close()
  })
  return {
    get test() {
      return assertOpen(test)
    },
    failpoints,
    get url() {
      return assertOpen(served).url
    },
    get token() {
      return token
    },
    connect(options = {}) {
      const governor = connectGovernor({ url: assertOpen(served).url, token, ...options })
      opened.push(governor)
      return governor
    },
    scopeOf(agent, governor) {
      return (governor ?? this.connect()).as({
        workspace: 'default',
        principal: { kind: 'agent', id: agent, roles: [] },
      })
    },
    async agentOf(maturity) {
      names += 1
      const id = `${maturity}-${names}`
      await this.test.register(id, maturity)
      return id
    },
    async interpose(meddle) {
      const interposed = await interpose(assertOpen(served).url, meddle)
      opened.push(interposed)
      return interposed
    },
    closing: (...more) => void opened.push(...more),
  }
}

function assertOpen<T>(opened: T | undefined): T {
  if (opened === undefined) throw new Error('The governor is open inside tests only.')
  return opened
}

/** One attempt at a high risk. */
export const attemptOf = (agent: string, more: Partial<Trigger> = {}): Trigger => ({
  agent,
  action: 'refund.create',
  args: { cents: 5 },
  ...more,
})

/** Resolves when the signal is aborted, with its reason; rejects when that takes too long. */
export function abortOf(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('Nobody aborted it.')), 5_000)
    signal.addEventListener('abort', () => {
      clearTimeout(late)
      resolve(signal.reason)
    })
  })
}

/** Lets requests through to the governor, and answers as it is told. */
async function interpose(url: string, meddle: Meddle): Promise<Interposed> {
  const asked: string[] = []
  const target = new URL(url)
  const proxy: Server = createServer((incoming, response) => {
    const path = incoming.url ?? ''
    asked.push(path)
    const what = meddle(path, asked.filter((one) => one === path).length)
    if (what === 'cut') return void incoming.socket.destroy()
    const { method = 'GET', headers } = incoming
    const onward = httpRequest({ host: target.hostname, port: target.port, path, method, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        if (what === 'cut_answer') return void incoming.socket.destroy()
        response.writeHead(answer.statusCode ?? 500, answer.headers).end(Buffer.concat(chunks))
      })
    })
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  if (typeof address !== 'object' || address === null) throw new Error('It does not listen.')
  return {
    url: `http://127.0.0.1:${address.port}/api`,
    asked,
    close: () =>
      new Promise((resolve) => {
        proxy.close(resolve)
        proxy.closeAllConnections()
      }),
  }
}
