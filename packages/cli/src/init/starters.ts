/** A runtime that a starter is for. */
export type Runtime = 'langchain' | 'hono' | 'mcp' | 'bullmq'

/** What `preceptor init` writes for a runtime. */
export interface Starter {
  /** The program, beside the policy. */
  readonly file: string
  readonly text: string
  /** What it needs from npm. */
  readonly packages: readonly string[]
}

const OPEN = `// The embedded control plane of this folder, in .preceptor; give \`database\` for a Postgres server.
const governor = await createGovernor()
const system = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'starter', roles: [] } })
const known = await system.agents.list()
if (!known.items.some(({ id }) => id === 'refund-bot')) {
  await system.agents.register({ id: 'refund-bot', ownerId: 'system' })
}
`

const LANGCHAIN = `import { createGovernor } from '@preceptor/core'
import { governanceMiddleware } from '@preceptor/langchain-callback'
import { createAgent, tool } from 'langchain'
import { z } from 'zod'

${OPEN}
const refund = tool(({ order, cents }) => \`refunded \${cents} cents of \${order}\`, {
  name: 'refund',
  description: 'Refunds an order.',
  schema: z.object({ order: z.string(), cents: z.number().int().positive() }),
})

const agent = createAgent({
  model: 'openai:gpt-5-mini',
  tools: [refund],
  // Named last: what other middleware makes of a call is decided on, too.
  middleware: [governanceMiddleware(governor, { agent: 'refund-bot' })],
})
const answer = await agent.invoke({ messages: [{ role: 'user', content: 'Refund 500 cents of order o-1.' }] })
console.log(answer.messages.at(-1)?.content)
await governor.close()
`

const HONO = `import { serve } from '@hono/node-server'
import { createGovernor } from '@preceptor/core'
import { governance, governanceApi, identify } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { z } from 'zod'

${OPEN}
const { secret } = await system.keys.create({
  displayName: 'starter',
  principalKind: 'agent',
  principalId: 'refund-bot',
})

const app = new Hono()
app.route('/api', governanceApi(governor))
app.use('/refunds/*', identify(governor))
app.post(
  '/refunds/:order',
  governance({ action: 'refund.create', schema: { body: z.object({ cents: z.number().int().positive() }) } }),
  (c) => c.json({ refunded: true }),
)
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 8787 })
console.log(
  \`curl -X POST 127.0.0.1:8787/refunds/o-1 -H 'Authorization: Bearer \${secret}' -H 'Content-Type: application/json' -d '{"cents":500}'\`,
)
`

const MCP = `import { createGovernor } from '@preceptor/core'
import { serveStdio } from '@preceptor/mcp-server'
import { z } from 'zod'

${OPEN}
await system.registerActions({
  'refund.create': {
    risk: 'high',
    description: 'Refunds an order.',
    args: z.object({ order: z.string(), cents: z.number().int().positive() }),
  },
})
// Over stdio the process has one principal: the agent itself.
await serveStdio(governor, {
  workspace: 'default',
  principal: { kind: 'agent', id: 'refund-bot', roles: [] },
})
`

const BULLMQ = `import { createGovernor, defineActions } from '@preceptor/core'
import { createWorker } from '@preceptor/worker'
import { z } from 'zod'

const actions = defineActions({
  'refund.create': {
    risk: 'high',
    args: z.object({ order: z.string(), cents: z.number().int().positive() }),
    execute: async ({ args, idempotencyKey }) => \`refunded \${args.cents} cents of \${args.order} (\${idempotencyKey})\`,
  },
})

const { DATABASE_URL, REDIS_URL } = process.env
const governor = await createGovernor({
  actions,
  ...(DATABASE_URL ? { database: DATABASE_URL } : {}),
  // Without Redis the jobs stand in the database.
  ...(REDIS_URL ? { redis: REDIS_URL } : {}),
})
const worker = await createWorker(governor, { concurrency: 8 })
console.log('The worker runs what is approved and due; Ctrl-C ends it.')

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await worker.close()
    await governor.close()
  })
}
`

/** The starters, by runtime. */
export const STARTERS: Readonly<Record<Runtime, Starter>> = {
  langchain: {
    file: 'governed-agent.mjs',
    text: LANGCHAIN,
    packages: [
      '@preceptor/core',
      '@preceptor/langchain-callback',
      'langchain',
      '@langchain/core',
      '@langchain/langgraph',
      '@langchain/openai',
      'zod',
    ],
  },
  hono: {
    file: 'governed-server.mjs',
    text: HONO,
    packages: ['@preceptor/core', '@preceptor/hono-middleware', 'hono', '@hono/node-server', 'zod'],
  },
  mcp: {
    file: 'governed-mcp.mjs',
    text: MCP,
    packages: ['@preceptor/core', '@preceptor/mcp-server', '@modelcontextprotocol/sdk', 'zod'],
  },
  bullmq: { file: 'governed-worker.mjs', text: BULLMQ, packages: ['@preceptor/core', '@preceptor/worker', 'zod'] },
}

/** The policy that a project begins with: strict, and refunds are only watched until somebody has looked. */
export const STARTER_POLICY = `# yaml-language-server: $schema=./policy.schema.json
# Check it: preceptor policy check policy.yaml
# Try it on what was decided: preceptor policy simulate policy.yaml
# Put it in force: preceptor policy apply policy.yaml --reason "…"

actions:
  refund.create:
    when: args.cents <= 10000 # on each call
    ceiling: supervised # somebody watches, whatever was earned

limits:
  - name: refunds
    action: refund.create
    per: day
    most: 50

breaker:
  failures: 5
  per: hour
`
