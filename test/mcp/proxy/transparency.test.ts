import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../../verifies.ts'
import { catalogueOf, connect, everything, filesystem, openPlane, type ProxyPlane } from './public-servers.ts'

let plane: ProxyPlane
let direct: Client
let proxied: Client

/** A client that can do all that servers ask for. */
const options = { capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: { form: {}, url: {} } } }
const roots: { uri: string; name: string }[] = []
function prepare(client: Client): void {
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots }))
  client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => ({
    model: 'fake',
    role: 'assistant' as const,
    content: { type: 'text' as const, text: `heard ${JSON.stringify(params.messages)}` },
  }))
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name: 'Ada', check: true } }))
}

beforeAll(async () => {
  plane = await openPlane({ chief: 'autonomous' })
  roots.push({ uri: pathToFileURL(plane.folder).href, name: 'here' })
  const upstream = everything()
  const catalogue = await catalogueOf(upstream, 'medium')
  direct = await connect(upstream, options, prepare)
  proxied = await plane.through({ agent: 'chief', upstream, catalogue, options, prepare })
})
afterAll(async () => {
  await direct.close()
  await plane.close()
})

/** What both say, the one through the gate second. */
const both = <T>(ask: (client: Client) => Promise<T>): Promise<[T, T]> => Promise.all([ask(direct), ask(proxied)])

/** A call of each tool that needs nothing but its arguments. */
const CALLS: readonly [string, Record<string, unknown>][] = [
  ['echo', { message: 'häl\u0001lo \ud83d\ude00 </script>' }],
  ['get-annotated-message', { messageType: 'error', includeImage: true }],
  ['get-annotated-message', { messageType: 'success' }],
  ['get-resource-links', { count: 4 }],
  ['get-resource-links', {}],
  ['get-structured-content', { location: 'Chicago' }],
  ['get-sum', { a: 0.1, b: 1e21 }],
  ['get-tiny-image', {}],
  ['get-roots-list', {}],
  ['gzip-file-as-resource', { name: 'a.gz', data: 'data:text/plain,abc', outputType: 'resource' }],
  ['trigger-long-running-operation', { duration: 0.02, steps: 2 }],
  ['trigger-sampling-request', { prompt: 'Say it.', maxTokens: 7 }],
  ['trigger-elicitation-request', {}],
  ['toggle-simulated-logging', {}],
  ['toggle-simulated-logging', {}],
]

describe(
  verifies(['MCP-7', 'MCP-8', 'MCP-10'], 'the public server of everything behind the gate, for an autonomous agent'),
  () => {
    it('says of itself what it says without the gate, but for tasks', async () => {
      const { tasks: _, ...capabilities } = direct.getServerCapabilities() ?? {}
      expect(proxied.getServerCapabilities()).toEqual(capabilities)
      expect(proxied.getServerVersion()).toEqual(direct.getServerVersion())
      expect(proxied.getInstructions()).toEqual(direct.getInstructions())
      for (const list of [
        (client: Client) => client.listTools(),
        (client: Client) => client.listResources(),
        (client: Client) => client.listResourceTemplates(),
        (client: Client) => client.listPrompts(),
      ]) {
        const [one, other] = await both<object>(list)
        expect(other).toEqual(one)
      }
    })

    it.each(CALLS)('%s answers the same', async (name, args) => {
      const [one, other] = await both((client) => client.callTool({ name, arguments: args }))
      expect(one.isError).not.toBe(true)
      expect(other).toEqual(one)
    })

    it('fails as it fails without the gate', async () => {
      const call = (client: Client) =>
        client.callTool({ name: 'get-resource-reference', arguments: { resourceId: 0.5 } })
      const [one, other] = await both(call)
      expect(one.isError).toBe(true)
      expect(other).toEqual(one)
    })

    it('reads, completes and prompts the same', async () => {
      const uri = 'demo://resource/dynamic/text/1'
      const withoutTime = (text: unknown) => JSON.stringify(text).replaceAll(/\d+:\d+:\d+( [AP]M)?/g, '')
      const [one, other] = await both((client) => client.readResource({ uri }))
      expect(withoutTime(other)).toBe(withoutTime(one))
      for (const prompt of ['simple-prompt', 'args-prompt'])
        await expectSame((client) => client.getPrompt({ name: prompt, arguments: { city: 'Paris' } }))
      await expectSame((client) =>
        client.complete({
          ref: { type: 'ref/prompt', name: 'completable-prompt' },
          argument: { name: 'department', value: 'E' },
        }),
      )
    })
    const expectSame = async (ask: (client: Client) => Promise<object>) => {
      const [one, other] = await both(ask)
      expect(other).toEqual(one)
    }

    it('tells its progress', async () => {
      const heard = async (client: Client) => {
        const seen: unknown[] = []
        // A client of the SDK misses the last one where the result comes with it.
        const { transport } = client
        const deliver = transport?.onmessage
        if (transport === undefined || deliver === undefined) throw new Error('The client is not connected.')
        transport.onmessage = (message, extra) => {
          if ('method' in message && message.method === 'notifications/progress') seen.push(message.params)
          deliver(message, extra)
        }
        const long = { name: 'trigger-long-running-operation', arguments: { duration: 0.05, steps: 3 } }
        await client.callTool(long, undefined, { onprogress: () => undefined })
        transport.onmessage = deliver
        return seen
      }
      const [one, other] = await both(heard)
      expect(one).toHaveLength(3)
      expect(other).toEqual(one)
    })

    it('tells of resources that somebody subscribed to, and logs what it was asked to', async () => {
      const uri = 'demo://resource/dynamic/text/1'
      const heard = async (client: Client) => {
        const updates: string[] = []
        const logged: string[] = []
        client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void updates.push(params.uri))
        client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void logged.push(params.level))
        await client.setLoggingLevel('info')
        await client.subscribeResource({ uri })
        await client.callTool({ name: 'toggle-subscriber-updates' })
        await expect.poll(() => updates).toContain(uri)
        await expect.poll(() => logged).toContain('info')
        await client.callTool({ name: 'toggle-subscriber-updates' })
        await client.setLoggingLevel('emergency')
        logged.length = 0
        await client.unsubscribeResource({ uri })
        await client.listTools()
        return logged
      }
      expect(await both(heard)).toEqual([[], []])
    })
  },
)

it(verifies('MCP-10', 'a server asks for the roots of its client when it starts, and gets them'), async () => {
  const [given, held] = ['given', 'held'].map((name) => join(plane.folder, name)) as [string, string]
  for (const folder of [given, held]) mkdirSync(folder)
  writeFileSync(join(held, 'a.txt'), 'held')
  const upstream = filesystem(given)
  const client = await plane.through({
    agent: 'chief',
    upstream,
    catalogue: await catalogueOf(upstream),
    options: { capabilities: { roots: {} } },
    prepare: (asked) =>
      asked.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: pathToFileURL(held).href }] })),
  })
  await expect
    .poll(async () => JSON.stringify(await client.callTool({ name: 'list_allowed_directories' })))
    .toContain(held)
})

it(verifies('MCP-10', 'what a client cannot do, no server is told that it can'), async () => {
  const upstream = everything()
  const client = await plane.through({ agent: 'chief', upstream, catalogue: await catalogueOf(upstream, 'medium') })
  const plain = await connect(upstream)
  const [one, other] = [await plain.listTools(), await client.listTools()]
  await plain.close()
  expect(other).toEqual(one)
  expect(one.tools.map(({ name }) => name)).not.toContain('trigger-sampling-request')
})
