import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MIGRATION_NAMES } from '@preceptor/core/testing'
import { createLearning } from '@preceptor/learning'
import { createOrchestration } from '@preceptor/orchestration'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { endProgram, makePlace, type Program, startProgram } from './demo-process.ts'

// The command line opens learning and orchestration beside core.
const MIGRATIONS = [
  ...MIGRATION_NAMES,
  ...[createLearning(), createOrchestration()].flatMap(({ port, migrations }) =>
    migrations.map(({ name }) => `${port.name}/${name}`),
  ),
]

const BIN = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))
const TIMEOUT_MS = 240_000

const place = makePlace()
afterAll(() => place.remove())

const preceptor = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Program =>
  startProgram(place, { file: BIN, args, env })

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const program = preceptor([...args, '--json'], env)
  const code = await program.ended
  return { code, json: JSON.parse(program.stdout()), stderr: program.stderr() }
}

const statusOf = async (address: string, key: string): Promise<number> => {
  const response = await fetch(`${address}/api/agents`, { headers: { authorization: `Bearer ${key}` } })
  return response.status
}

/** Waits for what a program writes to its log. */
const noted = (program: Program, pattern: RegExp): Promise<RegExpExecArray> =>
  vi.waitFor(
    () => {
      const match = pattern.exec(program.stderr())
      if (match === null) throw new Error(`${pattern} was not noted.\n${program.stderr()}`)
      return match
    },
    { timeout: 60_000 },
  )

describe('preceptor, as a program', () => {
  it(
    verifies(
      ['DB-3', 'JRN-2'],
      'serves a folder, which nobody else opens meanwhile, and leaves a journal that verifies',
    ),
    async () => {
      const server = preceptor(['serve', '--port', '0'])
      const [, address = ''] = await server.waitFor(/^API\s+(http:\S+)\/api$/m)
      const [key] = await server.waitFor(/pcp_[\w-]+/)
      expect(await statusOf(address, key)).toBe(200)
      expect(await statusOf(address, `pcp_aaaaaaaa_${'a'.repeat(43)}`)).toBe(401)
      const locked = await run(['db', 'verify'])
      expect(locked.code).toBe(1)
      expect(locked.json.error).toMatchObject({ code: 'DATA_FOLDER_LOCKED', details: { pid: server.child.pid } })
      const taken = await run(['serve', '--port', new URL(address).port, '--data-folder', 'other'])
      expect([taken.code, taken.json.error.code]).toEqual([2, 'OPTION_INVALID'])
      expect(await endProgram(server, 'SIGTERM')).toBe(0)
      expect(await run(['db', 'verify'])).toMatchObject({ code: 0, json: { ok: true } })
      expect(await run(['db', 'status'])).toMatchObject({ code: 0, json: { state: 'current' } })
    },
    TIMEOUT_MS,
  )

  it(
    verifies('I-35', 'serves a folder for development, as long as it runs and for its user only'),
    async () => {
      const folder = ['--data-folder', 'dev']
      const server = preceptor(['dev', '--port', '0', ...folder])
      const [, address = ''] = await server.waitFor(/^API\s+(http:\S+)\/api$/m)
      expect(server.stdout()).not.toContain('pcp_')
      const file = join(place.folder, 'dev', 'dev.json')
      const { token } = JSON.parse(readFileSync(file, 'utf8'))
      expect([statSync(file).mode & 0o777, await statusOf(address, token)]).toEqual([0o600, 200])
      expect(await run(['agents', 'register', 'bot', ...folder])).toMatchObject({ code: 0, json: { id: 'bot' } })
      expect(await run(['agents', 'list', ...folder])).toMatchObject({ code: 0, json: { items: [{ id: 'bot' }] } })
      expect((await run(['doctor', ...folder])).json.checks).toContainEqual(
        expect.objectContaining({ name: 'stream', state: 'ok' }),
      )
      expect(await endProgram(server, 'SIGKILL')).toBe('SIGKILL')
      // What a killed server left behind is not used, and its key ends with the next one.
      expect(await run(['agents', 'list', ...folder])).toMatchObject({
        code: 2,
        json: { error: { code: 'OPTION_INVALID' } },
      })
      const next = preceptor(['dev', '--port', '0', ...folder])
      const [, nextAddress = ''] = await next.waitFor(/^API\s+(http:\S+)\/api$/m)
      expect(await statusOf(nextAddress, token)).toBe(401)
      expect(await endProgram(next, 'SIGTERM')).toBe(0)
      expect(existsSync(file)).toBe(false)
    },
    TIMEOUT_MS,
  )

  it('explains a code without a database and without a terminal', async () => {
    const { code, json } = await run(['explain', 'JOURNAL_BROKEN'])
    expect([code, json.code]).toEqual([0, 'JOURNAL_BROKEN'])
    expect(await run(['explain', 'NO_SUCH'])).toMatchObject({ code: 1, json: { error: { code: 'NOT_FOUND' } } })
    expect(await run(['fly'])).toMatchObject({ code: 2, json: { error: { code: 'OPTION_INVALID' } } })
  })
})

describe('preceptor policy, as a program', () => {
  it(
    verifies(['POL-23', 'CLI-2'], 'checks a file without a server or a terminal, and ends with the documented codes'),
    async () => {
      const started = await run(['init', '--for', 'bullmq', '--folder', '.'])
      expect([started.code, started.json.written]).toEqual([0, expect.arrayContaining(['policy.yaml'])])
      expect(await run(['policy', 'check', 'policy.yaml'])).toMatchObject({ code: 0, json: { ok: true, problems: [] } })
      writeFileSync(join(place.folder, 'wrong.yaml'), 'separationOfDuties: no\n')
      expect(await run(['policy', 'check', 'wrong.yaml'])).toMatchObject({
        code: 1,
        json: { problems: [{ line: 1, column: 21, field: 'separationOfDuties' }] },
      })
      // Nobody is there to be asked, and no server to ask.
      expect((await run(['policy', 'apply', 'policy.yaml', '--reason', 'a test'])).code).toBe(2)
      expect((await run(['proposals', 'approve', 'prp_none'])).code).toBe(2)
    },
    TIMEOUT_MS,
  )
})

describeWithPostgres('preceptor on Postgres', () => {
  const database = useTestDatabase()
  const env = () => ({ DATABASE_URL: database.url })

  async function query(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    try {
      await client.query(sql)
    } finally {
      await client.end()
    }
  }

  it(
    verifies('DB-8', 'tells an older, a current, a newer and a changed database apart, and serves the current one'),
    async () => {
      expect(await run(['db', 'status'], env())).toMatchObject({ code: 1, json: { kind: 'postgres', state: 'older' } })
      const early = await run(['serve', '--port', '0'], env())
      expect([early.code, early.json.error.code]).toEqual([1, 'DATABASE_OLDER'])
      expect(await run(['db', 'plan'], env())).toMatchObject({
        code: 0,
        json: { pending: MIGRATIONS.map((name) => ({ name })) },
      })
      expect(await run(['db', 'apply'], env())).toMatchObject({
        code: 0,
        json: { applied: MIGRATIONS },
      })
      expect(await run(['db', 'status'], env())).toMatchObject({ code: 0, json: { state: 'current' } })
      // Tests log in as a superuser, which nobody else should.
      expect((await run(['doctor'], env())).json.checks).toContainEqual(
        expect.objectContaining({ name: 'database', state: 'failed', code: 'DATABASE_ROLE_UNSAFE' }),
      )
      const server = preceptor(['serve', '--port', '0', '--new-key'], env())
      const [key] = await server.waitFor(/pcp_[\w-]+/)
      const [, address = ''] = await server.waitFor(/^API\s+(http:\S+)\/api$/m)
      expect(await statusOf(address, key)).toBe(200)
      expect(await endProgram(server, 'SIGINT')).toBe(0)
      expect(server.stdout()).not.toContain(new URL(database.url).password || 'no password')
      await query("insert into preceptor_migrations (name, sha256) values ('core/9999-later', 'x')")
      expect(await run(['db', 'plan'], env())).toMatchObject({
        code: 1,
        json: { state: 'newer', blocking: ['core/9999-later'] },
      })
      const newer = await run(['db', 'apply'], env())
      expect([newer.code, newer.json.error.code]).toEqual([1, 'DATABASE_NEWER'])
      await query("delete from preceptor_migrations where name = 'core/9999-later'")
      await query("update preceptor_migrations set sha256 = 'x'")
      expect(await run(['db', 'plan'], env())).toMatchObject({ code: 1, json: { state: 'changed' } })
    },
    TIMEOUT_MS,
  )

  it('says which server is missing', async () => {
    const { code, json } = await run(['db', 'status'], {
      DATABASE_URL: 'postgres://secret-user:secret-word@127.0.0.1:1/none',
    })
    expect([code, json.error.code]).toEqual([1, 'DATABASE_MISSING'])
    expect(JSON.stringify(json)).not.toContain('secret-word')
  })
})

describeWithPostgres('preceptor db verify', () => {
  const database = useTestDatabase()

  it(
    verifies(['I-31', 'JRN-2'], 'ends with 1 and names the row that was changed behind its back'),
    async () => {
      const env = { DATABASE_URL: database.url }
      await run(['db', 'apply'], env)
      const server = preceptor(['serve', '--port', '0', '--new-key'], env)
      await server.waitFor(/pcp_[\w-]+/)
      expect(await endProgram(server, 'SIGTERM')).toBe(0)
      expect(await run(['db', 'verify'], env)).toMatchObject({ code: 0, json: { ok: true } })
      const client = new pg.Client({ connectionString: database.url })
      await client.connect()
      let sequence = 0
      try {
        // Ids grow as the rows were written, which is the order in which they were sealed.
        const before = `select count(*)::int as rows from journal j, journal k where k.kind = 'key.created' and j.id <= k.id`
        sequence = (await client.query<{ rows: number }>(before)).rows[0]?.rows ?? 0
        // The database refuses this to everybody; a superuser can switch that off.
        await client.query('set session_replication_role = replica')
        await client.query(`update journal set body = body || '{"actor":"user:other"}' where kind = 'key.created'`)
      } finally {
        await client.end()
      }
      const broken = await run(['db', 'verify'], env)
      expect(broken).toMatchObject({ code: 1, json: { ok: false, code: 'JOURNAL_BROKEN', problem: { sequence } } })
    },
    TIMEOUT_MS,
  )
})

describeWithPostgres('preceptor beside Prometheus', () => {
  const database = useTestDatabase()
  const env = () => ({ DATABASE_URL: database.url })

  it(
    verifies(
      ['OBS-4', 'OBS-7'],
      'serves metrics at addresses of their own, of a server and a worker, and logs lines of JSON',
    ),
    async () => {
      expect(await run(['db', 'apply'], env())).toMatchObject({ code: 0 })
      const address = ['--metrics-address', '127.0.0.1:0']
      const programs = [
        preceptor(['serve', '--port', '0', ...address], env()),
        preceptor(['worker', ...address], env()),
      ]
      const [server] = programs
      const [, api = ''] = (await server?.waitFor(/^API\s+(http:\S+)\/api$/m)) ?? []
      expect((await fetch(`${api}/api/metrics`)).status).toBe(401)
      expect((await fetch(`${api}/metrics`)).status).toBe(404)
      for (const program of programs) {
        const [, scraped = ''] = await noted(program, /metrics at (http:[^"\s]+\/metrics)/)
        const response = await fetch(scraped)
        expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('\ngovernance_up 1\n')])
        expect(await endProgram(program, 'SIGTERM')).toBe(0)
        const lines = program.stderr().trim().split('\n')
        // A busy machine may have something to warn of.
        const line = {
          time: expect.any(String),
          level: expect.stringMatching(/^(info|warn)$/),
          code: expect.any(String),
        }
        const logged = lines.map((text) => JSON.parse(text))
        expect(logged).toMatchObject(logged.map(() => line))
        expect(logged.map(({ message }) => message)).toContain('closing')
      }
      const wrong = await run(['worker', '--metrics-address', 'nowhere'], env())
      expect([wrong.code, wrong.json.error.code]).toEqual([2, 'OPTION_INVALID'])
    },
    TIMEOUT_MS,
  )
})
