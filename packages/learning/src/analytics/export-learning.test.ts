import { createAuthorizer, inWorkspace, type PluginHost } from '@preceptor/core/plugin'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SESSIONS_MIGRATION } from '../migrations/0002-sessions.ts'
import { openTrainerParts } from '../options/open-trainer-parts.ts'
import { sessionPermissions } from '../permissions/session-permissions.ts'
import type { SessionPorts } from '../ports/session-ports.ts'
import { exportLearning } from './export-learning.ts'

const ROWS = 450

let test: TestGovernor
let ports: SessionPorts

beforeAll(async () => {
  let host: PluginHost | undefined
  test = await createTestGovernor({
    plugins: [
      {
        port: { name: 'learning', connect: () => ({}) },
        permissions: {},
        migrations: [SESSIONS_MIGRATION],
        open(opened) {
          host = opened
          return { scope: () => ({}), jobs: {} }
        },
      },
    ],
  })
  if (host === undefined) throw new Error('The plugin was not opened.')
  const { context, enqueue } = host
  const processNumbers = () => ({ cpuMs: 0, memoryBytes: 0 })
  ports = {
    context,
    enqueue,
    authorizer: createAuthorizer(sessionPermissions),
    parts: openTrainerParts(),
    processNumbers,
  }
  await inWorkspace(context.database, { workspace: 'default' }, (tx) =>
    // A third of them at each of three moments: a page ends within one.
    tx.db.execute(sql`insert into learning_sessions (id, workspace_id, agent_type, mode, format, context, original,
        strategy, actor, created_at)
      select 'lss_' || lpad(n::text, 4, '0'), 'default', 'qa', 'batch', 'mixed', 'q', 'a', 'qa', 'user:ana',
        date_trunc('milliseconds', now()) - interval '1 hour' + n / 150 * interval '1 minute'
      from generate_series(0, ${ROWS - 1}::integer) n`),
  )
})
afterAll(() => test.close())

const actor = (agents?: readonly string[]) =>
  ({
    workspace: 'default',
    source: 'data_sync',
    principal: {
      kind: 'service',
      id: 'sync',
      roles: [],
      scopes: ['learning.analytics.export', 'playbooks.versions'],
      ...(agents && { agents }),
    },
  }) as const

describe('an export', () => {
  it('of several pages has every row once, oldest first', async () => {
    const parts: string[] = []
    for await (const part of await exportLearning(ports, actor())) parts.push(part)
    expect(parts.map((part) => part.split('\n').length - 1)).toEqual([200, 200, 50])
    const ids = parts
      .join('')
      .trim()
      .split('\n')
      .map((line): string => JSON.parse(line).id)
    expect(ids).toEqual(Array.from({ length: ROWS }, (_, n) => `lss_${String(n).padStart(4, '0')}`))
  })

  it('ends when its reader goes', async () => {
    const end = new AbortController()
    let read = 0
    const reading = (async () => {
      for await (const _ of await exportLearning(ports, actor(), { signal: end.signal })) {
        read += 1
        end.abort()
      }
    })()
    await expect(reading).rejects.toThrow()
    expect(read).toBe(1)
  })

  it('for who is bound to some agents has what is of these, and nothing of the types', async () => {
    const parts: string[] = []
    for await (const part of await exportLearning(ports, actor(['bot']))) parts.push(part)
    expect(parts).toEqual([])
    await expect(exportLearning(ports, actor(['bot']), { kinds: ['adaptations'] })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
  })
})
