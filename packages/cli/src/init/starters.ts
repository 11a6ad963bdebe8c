/** A runtime that a starter is for. */
export type Runtime = 'langchain' | 'hono' | 'mcp' | 'bullmq'

/** What `preceptor init` writes for a runtime. */
export interface Starter {
  /** The program, beside the policy. */
  readonly file: string
  readonly text: string
  /** What it needs from npm. */
  readonly packages: readonly string[]
  /** The policy, about the action as this runtime names it. */
  readonly policy: string
}

// What every starter begins with: the plane, an agent that may propose, and the person who decides.
const OPEN = `// The embedded control plane of this folder, in .preceptor; give \`database\` for a Postgres server.
const governor = await createGovernor()
const system = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'starter', roles: [] } })
const known = await system.agents.list()
if (!known.items.some(({ id }) => id === 'refund-bot')) {
  // An intern: it may propose, and a person decides. Without \`maturity\` it is a student, which is blocked and trained first.
  await system.agents.register({ id: 'refund-bot', ownerId: 'system', maturity: 'intern' })
}
`

const PERSON = `// You, who may decide: whatever starts this program gets to know the key.
await system.members.put('you', { displayName: 'You', roles: ['admin'] })
const you = await system.keys.create({
  displayName: 'starter',
  principalKind: 'user',
  principalId: 'you',
  roles: ['admin'],
})
`

const SERVE = `const port = Number(process.env.PORT ?? 4600)
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port })
console.log(\`To decide, in another terminal:
  export PRECEPTOR_URL=http://127.0.0.1:\${port}/api PRECEPTOR_TOKEN=\${you.secret}
  npx -y @preceptor/cli proposals list
  npx -y @preceptor/cli proposals approve ID\`)
`

const BOT_KEY = `const { secret } = await system.keys.create({
  displayName: 'starter',
  principalKind: 'agent',
  principalId: 'refund-bot',
})
`

const untilEnded = (first: string): string => `
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    server.close()
    await ${first}.close()
    await governor.close()
  })
}
`

const LANGCHAIN = `import { serve } from '@hono/node-server'
import { Command, MemorySaver } from '@langchain/langgraph'
import { ChatOpenAI } from '@langchain/openai'
import { createGovernor } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import { governanceMiddleware } from '@preceptor/langchain-callback'
import { Hono } from 'hono'
import { createAgent, tool } from 'langchain'
import { z } from 'zod'

${OPEN}
${PERSON}
const refund = tool(
  ({ order, cents }) => {
    console.log(\`refunded \${cents} cents of \${order}\`)
    return 'The order is refunded.'
  },
  {
    name: 'refund',
    description: 'Refunds an order.',
    schema: z.object({ order: z.string(), cents: z.number().int().positive() }),
  },
)

const agent = createAgent({
  // OPENAI_BASE_URL and OPENAI_MODEL name another one, such as one on your own machine.
  model: new ChatOpenAI({ model: process.env.OPENAI_MODEL ?? 'gpt-5-mini' }),
  tools: [refund],
  // Named last: what other middleware makes of a call is decided on, too.
  middleware: [governanceMiddleware(governor, { agent: 'refund-bot' })],
  // Keeps the thread while it waits for you; one on disk keeps it over a restart.
  checkpointer: new MemorySaver(),
})

const app = new Hono().route('/api', governanceApi(governor))
${SERVE}
const events = await system.events.subscribe()
const thread = { configurable: { thread_id: 'order-o-1' } }
await agent.invoke({ messages: 'Refund 500 cents of order o-1.' }, thread)
console.log('The call waits for you.')
for await (const { kind } of events) {
  if (/^proposal\\.(approved|rejected|responded|expired|cancelled)$/.test(kind)) break
}
// Resuming asks the store: it is no approval in itself.
const answer = await agent.invoke(new Command({ resume: 'go on' }), thread)
console.log(answer.messages.at(-1)?.text)
server.close()
await governor.close()
`

const HONO = `import { serve } from '@hono/node-server'
import { createGovernor } from '@preceptor/core'
import { governance, governanceApi, identify } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { z } from 'zod'

${OPEN}
${PERSON}
${BOT_KEY}
const app = new Hono()
app.route('/api', governanceApi(governor))
app.use('/refunds/*', identify(governor))
app.post(
  '/refunds/:order',
  governance({ action: 'refund.create', schema: { body: z.object({ cents: z.number().int().positive() }) } }),
  (c) => {
    console.log(\`refunded \${c.req.param('order')}: \${JSON.stringify(c.var.governance.args.body)}\`)
    return c.json({ refunded: true })
  },
)
${SERVE}
console.log(\`What the agent does; the same again, once it is approved:
  curl -X POST 127.0.0.1:\${port}/refunds/o-1 -H 'Authorization: Bearer \${secret}' -H 'Content-Type: application/json' -H 'Idempotency-Key: refund-o-1' -d '{"cents":500}'\`)

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    server.close()
    await governor.close()
  })
}
`

const MCP = `import { serve } from '@hono/node-server'
import { createGovernor } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import { createMcpEndpoint } from '@preceptor/mcp-server'
import { Hono } from 'hono'
import { z } from 'zod'

${OPEN}
${PERSON}
${BOT_KEY}
const endpoint = createMcpEndpoint(governor, {
  actions: {
    'refund.create': {
      risk: 'high',
      description: 'Refunds an order.',
      args: z.object({ order: z.string(), cents: z.number().int().positive() }),
    },
  },
})
const app = new Hono()
app.route('/api', governanceApi(governor))
app.all('/mcp', (c) => endpoint.fetch(c.req.raw))
${SERVE}
console.log(\`For the assistant: the address http://127.0.0.1:\${port}/mcp, and as bearer token \${secret}\`)
${untilEnded('endpoint')}`

const BULLMQ = `import { serve } from '@hono/node-server'
import { createGovernor, defineActions } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import { createWorker } from '@preceptor/worker'
import { Hono } from 'hono'
import { z } from 'zod'

const actions = defineActions({
  'refund.create': {
    risk: 'high',
    args: z.object({ order: z.string(), cents: z.number().int().positive() }),
    execute: async ({ args, idempotencyKey }) => {
      console.log(\`refunded \${args.cents} cents of \${args.order} (\${idempotencyKey})\`)
      return { refunded: true }
    },
  },
})

${OPEN.replace(
  'await createGovernor()',
  `await createGovernor({
  actions,
  ...(process.env.DATABASE_URL ? { database: process.env.DATABASE_URL } : {}),
  // Without Redis the jobs stand in the database.
  ...(process.env.REDIS_URL ? { redis: process.env.REDIS_URL } : {}),
})`,
).replace('; give \\`database\\` for a Postgres server', ', or the Postgres server of DATABASE_URL')}
const worker = await createWorker(governor, { concurrency: 8 })

${PERSON}
${BOT_KEY}
const app = new Hono().route('/api', governanceApi(governor))
${SERVE}
console.log(\`What the agent does; the worker runs it, once it is approved:
  curl -X POST 127.0.0.1:\${port}/api/triggers -H 'Authorization: Bearer \${secret}' -H 'Content-Type: application/json' -d '{"action":"refund.create","args":{"order":"o-1","cents":500},"idempotencyKey":"refund-o-1"}'\`)
${untilEnded('worker')}`

const API_PACKAGES = ['@preceptor/hono-middleware', 'hono', '@hono/node-server']

/** The starters, by runtime. */
export const STARTERS: Readonly<Record<Runtime, Starter>> = {
  langchain: {
    file: 'governed-agent.mjs',
    text: LANGCHAIN,
    packages: [
      '@preceptor/core',
      '@preceptor/langchain-callback',
      ...API_PACKAGES,
      'langchain',
      '@langchain/core',
      '@langchain/langgraph',
      '@langchain/openai',
      'zod',
    ],
    policy: policyOf({ action: 'refund', cents: 'args.cents' }),
  },
  hono: {
    file: 'governed-server.mjs',
    text: HONO,
    packages: ['@preceptor/core', ...API_PACKAGES, 'zod'],
    // Of a route the args are the parts of the request.
    policy: policyOf({ action: 'refund.create', cents: 'args.body.cents' }),
  },
  mcp: {
    file: 'governed-mcp.mjs',
    text: MCP,
    packages: ['@preceptor/core', '@preceptor/mcp-server', ...API_PACKAGES, '@modelcontextprotocol/sdk', 'zod'],
    policy: policyOf({ action: 'refund.create', cents: 'args.cents' }),
  },
  bullmq: {
    file: 'governed-worker.mjs',
    text: BULLMQ,
    packages: ['@preceptor/core', '@preceptor/worker', ...API_PACKAGES, 'zod'],
    policy: policyOf({ action: 'refund.create', cents: 'args.cents' }),
  },
}

/** The policy that a project begins with: strict, and refunds are only watched until somebody has looked. */
function policyOf({ action, cents }: { readonly action: string; readonly cents: string }): string {
  return `# yaml-language-server: $schema=./policy.schema.json
# Check it: preceptor policy check policy.yaml
# Try it on what was decided: preceptor policy simulate policy.yaml
# Put it in force: preceptor policy apply policy.yaml --reason "…"

actions:
  ${action}:
    when: ${cents} <= 10000 # on each call
    ceiling: supervised # somebody watches, whatever was earned

limits:
  - name: refunds
    action: ${action}
    per: day
    most: 50

breaker:
  failures: 5
  per: hour
`
}
