// An MCP server with the tools, resources and prompts that the scenarios of the public conformance suite ask for, served
// over Streamable HTTP on 127.0.0.1.
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAdaptorServer } from '@hono/node-server'
import { completable } from '@modelcontextprotocol/sdk/server/completable.js'
import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  CallToolRequestSchema,
  type CallToolResult,
  type ElicitRequestFormParams,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type ServerNotification,
  type ServerRequest,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'

/** A red pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
/** A sound of no length. */
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA='

const text = (said: string): CallToolResult => ({ content: [{ type: 'text', text: said }] })
const image = { type: 'image', data: PNG, mimeType: 'image/png' } as const

/** What `json_schema_2020_12_tool` takes, in words that the SDK's own schemas cannot say. */
const LATEST_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // biome-ignore lint/suspicious/noThenProperty: it is a word of JSON Schema.
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
}

/** The server, while it is served. */
export interface Fixture {
  readonly url: string
  /** How many clients it has now. */
  readonly sessions: () => number
  close(): Promise<void>
}

/** Starts it. */
export async function serveFixture(): Promise<Fixture> {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()
  const server = createAdaptorServer({ fetch: (request) => answer(sessions, request) }) as HttpServer
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    sessions: () => sessions.size,
    async close() {
      await Promise.all([...sessions.values()].map((session) => session.close()))
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
    },
  }
}

async function answer(
  sessions: Map<string, WebStandardStreamableHTTPServerTransport>,
  request: Request,
): Promise<Response> {
  const known = sessions.get(request.headers.get('mcp-session-id') ?? '')
  if (known !== undefined) return known.handleRequest(request)
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: () => crypto.randomUUID(),
    onsessioninitialized: (id) => void sessions.set(id, transport),
    onsessionclosed: (id) => void sessions.delete(id),
  })
  await createFixture().connect(transport as Transport)
  return transport.handleRequest(request)
}

function createFixture(): McpServer {
  const server = new McpServer(
    { name: 'fixture', version: '1.0.0' },
    { capabilities: { tools: {}, logging: {}, resources: { subscribe: true }, completions: {} } },
  )
  registerTools(server.server)
  registerResources(server)
  registerPrompts(server)
  return server
}

type Properties = ElicitRequestFormParams['requestedSchema']['properties']

const DEFAULTS: Properties = {
  name: { type: 'string', default: 'John Doe' },
  age: { type: 'integer', default: 30 },
  score: { type: 'number', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', default: true },
}
const THREE = ['option1', 'option2', 'option3']
const TITLED = [
  { const: 'value1', title: 'First' },
  { const: 'value2', title: 'Second' },
  { const: 'value3', title: 'Third' },
]
const CHOICES: Properties = {
  untitledSingle: { type: 'string', enum: THREE },
  titledSingle: { type: 'string', oneOf: TITLED },
  legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['One', 'Two', 'Three'] },
  untitledMulti: { type: 'array', items: { type: 'string', enum: THREE } },
  titledMulti: { type: 'array', items: { anyOf: TITLED } },
}

interface FixtureTool {
  readonly inputSchema?: object
  readonly run: (asked: Asked) => CallToolResult | Promise<CallToolResult>
}

interface Asked {
  readonly args: Readonly<Record<string, unknown>>
  readonly server: Server
  readonly extra: RequestHandlerExtra<ServerRequest, ServerNotification>
}

const always = (result: CallToolResult): FixtureTool => ({ run: () => result })
const embedded = { uri: 'test://embedded-resource', mimeType: 'text/plain', text: 'An embedded resource.' }
const mixed = { uri: 'test://mixed-content-resource', mimeType: 'application/json', text: '{"test":"data"}' }
const line = { type: 'string' } as const

const TOOLS: Readonly<Record<string, FixtureTool>> = {
  test_simple_text: always(text('This is a simple text response for testing.')),
  test_image_content: always({ content: [image] }),
  test_audio_content: always({ content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] }),
  test_embedded_resource: always({ content: [{ type: 'resource', resource: embedded }] }),
  test_multiple_content_types: always({
    content: [{ type: 'text', text: 'Several:' }, image, { type: 'resource', resource: mixed }],
  }),
  test_error_handling: always({ isError: true, content: [{ type: 'text', text: 'This tool fails, as it should.' }] }),
  json_schema_2020_12_tool: { ...always(text('called')), inputSchema: LATEST_SCHEMA },
  test_tool_with_logging: { run: logging },
  test_tool_with_progress: { run: progressing },
  test_reconnection: {
    async run({ extra }) {
      extra.closeSSEStream?.()
      await sleep(50)
      return text('reconnected')
    },
  },
  test_sampling: {
    inputSchema: { type: 'object', properties: { prompt: line }, required: ['prompt'] },
    async run({ args, server }) {
      const asked = { role: 'user', content: { type: 'text', text: String(args.prompt) } } as const
      const { content } = await server.createMessage({ messages: [asked], maxTokens: 100 })
      return text(`LLM response: ${JSON.stringify(content)}`)
    },
  },
  test_elicitation: {
    inputSchema: { type: 'object', properties: { message: line }, required: ['message'] },
    run: (asked) => ask(asked, { username: line, email: line }, ['username', 'email']),
  },
  test_elicitation_sep1034_defaults: { run: (asked) => ask(asked, DEFAULTS) },
  test_elicitation_sep1330_enums: { run: (asked) => ask(asked, CHOICES) },
}

async function logging({ extra }: Asked): Promise<CallToolResult> {
  for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
    await extra.sendNotification({ method: 'notifications/message', params: { level: 'info', data } })
    await sleep(20)
  }
  return text('logged')
}

async function progressing({ extra }: Asked): Promise<CallToolResult> {
  const progressToken = extra._meta?.progressToken
  for (const progress of [0, 50, 100]) {
    const params = { progressToken: progressToken ?? 0, progress, total: 100 }
    if (progressToken !== undefined) await extra.sendNotification({ method: 'notifications/progress', params })
    await sleep(20)
  }
  return text('done')
}

async function ask({ args, server }: Asked, properties: Properties, required: string[] = []): Promise<CallToolResult> {
  const message = String(args.message ?? 'Is this so?')
  const requestedSchema = { type: 'object', properties, required } as const
  const { action, content } = await server.elicitInput({ message, requestedSchema })
  return text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`)
}

function registerTools(server: Server): void {
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: Object.entries(TOOLS).map(([name, { inputSchema = {} }]) => ({
      name,
      description: `The fixture ${name}.`,
      inputSchema: { type: 'object' as const, ...inputSchema },
    })),
  }))
  server.setRequestHandler(CallToolRequestSchema, ({ params: { name, arguments: args = {} } }, extra) => {
    const tool = TOOLS[name]
    if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, `There is no ${name}.`)
    return tool.run({ args, server, extra })
  })
}

function registerResources(server: McpServer): void {
  const described = { description: 'A resource that is always the same.' }
  server.registerResource('text', 'test://static-text', { ...described, mimeType: 'text/plain' }, ({ href: uri }) => ({
    contents: [{ uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }],
  }))
  server.registerResource(
    'binary',
    'test://static-binary',
    { ...described, mimeType: 'image/png' },
    ({ href: uri }) => ({
      contents: [{ uri, mimeType: 'image/png', blob: PNG }],
    }),
  )
  server.registerResource('watched', 'test://watched-resource', described, ({ href: uri }) => ({
    contents: [{ uri, mimeType: 'text/plain', text: 'watched' }],
  }))
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined })
  server.registerResource('template', template, { description: 'Data of an id.' }, ({ href: uri }, { id }) => ({
    contents: [{ uri, mimeType: 'application/json', text: JSON.stringify({ id, templateTest: true }) }],
  }))
  server.server.setRequestHandler(SubscribeRequestSchema, () => ({}))
  server.server.setRequestHandler(UnsubscribeRequestSchema, () => ({}))
}

function registerPrompts(server: McpServer): void {
  const say = (said: string) => ({ role: 'user', content: { type: 'text', text: said } }) as const
  server.registerPrompt('test_simple_prompt', { description: 'Without arguments.' }, () => ({
    messages: [say('This is a simple prompt for testing.')],
  }))
  const argsSchema = { arg1: completable(z.string(), () => ['paris', 'park', 'party']), arg2: z.string() }
  server.registerPrompt('test_prompt_with_arguments', { description: 'With two.', argsSchema }, ({ arg1, arg2 }) => ({
    messages: [say(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  }))
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'With a resource.', argsSchema: { resourceUri: z.string() } },
    ({ resourceUri: uri }) => ({
      messages: [
        { role: 'user', content: { type: 'resource', resource: { uri, mimeType: 'text/plain', text: 'embedded' } } },
        say('Please process the embedded resource above.'),
      ],
    }),
  )
  server.registerPrompt('test_prompt_with_image', { description: 'With an image.' }, () => ({
    messages: [{ role: 'user', content: image }, say('Please analyze the image above.')],
  }))
}
