import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { DevServer } from './dev-file.ts'
import { type Result, runLine } from './run-line.test.helper.ts'

const root = mkdtempSync(join(tmpdir(), 'preceptor-commands-'))
const folder = join(root, 'data')
const at = ['--data-folder', folder]
const file = join(folder, 'dev.json')
const ending = new AbortController()
let ended: Promise<{ readonly code: number }>
let server: DevServer

const cli = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  ended?: AbortSignal,
): Promise<Result> => runLine(args, { env, ...(ended && { ended }) })

async function ask(...args: readonly string[]) {
  const { code, printed } = await cli([...args, ...(args[0] === 'mcp' ? [] : at), '--json'])
  return { code, json: JSON.parse(printed) }
}

beforeAll(async () => {
  ended = cli(['dev', '--port', '0', ...at, '--json'], {}, ending.signal)
  await Promise.race([
    vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 60_000 }),
    ended.then((result) => Promise.reject(new Error(JSON.stringify(result)))),
  ])
  server = JSON.parse(readFileSync(file, 'utf8'))
}, 90_000)
afterAll(async () => {
  ending.abort()
  await ended
  rmSync(root, { recursive: true, force: true })
})

describe('preceptor dev', () => {
  it('writes how it is reached for its user only', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(server).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/api$/),
      token: expect.stringMatching(/^pcp_/),
      pid: process.pid,
    })
  })
})

describe('preceptor mcp doctor', () => {
  it('starts this program as an assistant does, and says what is wrong with its key [MCP-22]', async () => {
    const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url))
    const started = { command: process.execPath, args: [bin, 'mcp', ...at] }
    const wrong = { ...started, env: { PRECEPTOR_URL: server.url, PRECEPTOR_TOKEN: 'pcp_wrong' } }
    writeFileSync(join(root, '.mcp.json'), JSON.stringify({ mcpServers: { started, wrong } }))
    const { code, json } = await ask('mcp', 'doctor', '--client', 'claude-code', '--folder', root)
    expect([code, json.checks]).toMatchObject([
      1,
      [
        { server: 'started', state: 'ok', message: expect.stringMatching(/^preceptor .* tools$/) },
        { server: 'wrong', state: 'failed', message: expect.stringContaining('CREDENTIAL_INVALID') },
      ],
    ])
  })
})

describe('a command that talks to a server', () => {
  it('finds it by its folder, by its address, and by the environment', async () => {
    expect((await ask('agents', 'list')).code).toBe(0)
    expect((await cli(['agents', 'list', ...at, '--url', server.url])).code).toBe(0)
    const env = { PRECEPTOR_URL: server.url, PRECEPTOR_TOKEN: server.token }
    expect((await cli(['agents', 'list', '--data-folder', root], env)).code).toBe(0)
  })

  it.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
    ['nothing', ['--data-folder', root], {}, 'OPTION_INVALID'],
    ['a key without an address', at, { PRECEPTOR_TOKEN: 'pcp_x' }, 'OPTION_INVALID'],
    ['another address without a key', [...at, '--url', 'http://127.0.0.1:9/api'], {}, 'OPTION_INVALID'],
    ['an address that is none', ['--url', 'ftp://x'], { PRECEPTOR_TOKEN: 'pcp_x' }, 'OPTION_INVALID'],
    [
      'plain http to another machine',
      ['--url', 'http://192.0.2.1/api'],
      { PRECEPTOR_TOKEN: 'pcp_x' },
      'OPTION_INVALID',
    ],
    [
      'an address where nobody is',
      ['--url', 'http://127.0.0.1:9/api'],
      { PRECEPTOR_TOKEN: 'pcp_x' },
      'GOVERNOR_UNREACHABLE',
    ],
  ])('refuses %s', async (_, flags, env, code) => {
    const result = await cli(['agents', 'list', ...flags, '--json'], env)
    expect([result.code, JSON.parse(result.printed).error.code]).toEqual([code === 'OPTION_INVALID' ? 2 : 1, code])
    expect(result.noted).not.toContain(server.token)
  })

  it('refuses a key that the server does not know', async () => {
    const env = { PRECEPTOR_URL: server.url, PRECEPTOR_TOKEN: `pcp_aaaaaaaa_${'a'.repeat(43)}` }
    const result = await cli(['agents', 'list', '--json'], env)
    expect([result.code, JSON.parse(result.printed).error.code]).toEqual([1, 'CREDENTIAL_INVALID'])
  })
})

describe('the file of a development server', () => {
  const other = join(mkdtempSync(join(root, 'other-')), 'dev.json')
  const read = async () => {
    const result = await cli(['agents', 'list', '--data-folder', join(other, '..'), '--json'])
    return [result.code, result.code === 0 ? 'used' : JSON.parse(result.printed).error.code]
  }

  it.each([0o640, 0o604, 0o620, 0o666])('is refused when others can reach it: %o', async (mode) => {
    writeFileSync(other, JSON.stringify(server))
    chmodSync(other, mode)
    expect(await read()).toEqual([1, 'DEV_FILE_UNSAFE'])
    chmodSync(other, 0o600)
    expect(await read()).toEqual([0, 'used'])
    rmSync(other)
  })

  it('is refused when it is a link, or holds something else', async () => {
    symlinkSync(file, other)
    expect(await read()).toEqual([1, 'DEV_FILE_UNSAFE'])
    rmSync(other)
    for (const text of ['', '{}', '[]', '{"url":"x","token":1,"pid":2}']) {
      writeFileSync(other, text, { mode: 0o600 })
      expect(await read()).toEqual([1, 'DEV_FILE_UNSAFE'])
      rmSync(other)
    }
  })

  it('counts for nothing once its server is gone', async () => {
    writeFileSync(other, JSON.stringify({ ...server, pid: 4_194_303 }), { mode: 0o600 })
    expect(await read()).toEqual([2, 'OPTION_INVALID'])
    rmSync(other)
  })
})

describe('preceptor agents', () => {
  it('registers, shows, lists, pauses, resumes, stops, promotes and demotes', async () => {
    const registered = await ask(
      'agents',
      'register',
      'bot',
      '--name',
      'The bot',
      '--owner',
      'system',
      '--maturity',
      'intern',
      '--capabilities',
      'refund, order',
    )
    expect(registered).toMatchObject({
      code: 0,
      json: { id: 'bot', maturity: 'intern', capabilities: ['refund', 'order'] },
    })
    expect((await ask('agents', 'get', 'bot')).json).toEqual(registered.json)
    expect((await ask('agents', 'list', '--maturity', 'intern')).json).toMatchObject({
      items: [{ id: 'bot' }],
      next: null,
    })
    expect((await ask('agents', 'list', '--maturity', 'student')).json).toEqual({ items: [], next: null })
    const why = ['--reason', 'a test']
    expect((await ask('agents', 'pause', 'bot', ...why)).json.lifecycle).toBe('paused')
    expect((await ask('agents', 'resume', 'bot', ...why)).json.lifecycle).toBe('active')
    expect((await ask('agents', 'demote', 'bot', '--to', 'student', ...why)).json.maturity).toBe('student')
    expect((await ask('agents', 'promote', 'bot', ...why)).json.maturity).toBe('intern')
    // Under the policy of trust in the whole agent there is no level at a capability.
    for (const act of [
      ['promote', 'bot'],
      ['demote', 'bot', '--to', 'student'],
    ]) {
      const refused = await ask('agents', ...act, '--capability', 'refund', ...why)
      expect(refused).toMatchObject({ code: 1, json: { error: { code: 'INPUT_INVALID' } } })
    }
    expect((await ask('agents', 'stop', 'bot', ...why)).json.lifecycle).toBe('stopped')
    expect(await ask('agents', 'register', 'bot')).toMatchObject({ code: 1, json: { error: { code: 'AGENT_EXISTS' } } })
    expect(await ask('agents', 'get', '..')).toMatchObject({ code: 1, json: { error: { code: 'NOT_FOUND' } } })
  })

  it('prints for people, and lets no name steer the terminal', async () => {
    await ask('agents', 'register', 'loud', '--name', 'a\u001b[31mred\u202e\nline')
    const { printed } = await cli(['agents', 'get', 'loud', ...at])
    expect(printed).toContain('Maturity')
    expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
    expect(printed.split('\n')).toHaveLength(8)
    expect((await cli(['agents', 'list', ...at])).printed).toMatch(/^AGENT +MATURITY/)
  })

  it('goes through a list page by page', async () => {
    const first = await ask('agents', 'list', '--limit', '1')
    expect(first.json.items).toHaveLength(1)
    const rest = await ask('agents', 'list', '--cursor', first.json.next)
    expect(rest.json.items.map(({ id }: { id: string }) => id)).not.toContain(first.json.items[0].id)
    expect((await cli(['agents', 'list', '--limit', '1', ...at])).printed).toContain(`--cursor ${first.json.next}`)
  })
})

describe('preceptor keys', () => {
  it('creates a key that works, lists it without its secret, and revokes it', async () => {
    const created = await ask(
      'keys',
      'create',
      'service:sync',
      '--name',
      'Sync',
      '--scopes',
      'agents.list,agents.get',
      '--agents',
      'bot',
    )
    expect(created).toMatchObject({
      code: 0,
      json: { secret: expect.stringMatching(/^pcp_/), key: { agents: ['bot'] } },
    })
    const env = { PRECEPTOR_URL: server.url, PRECEPTOR_TOKEN: created.json.secret }
    expect((await cli(['agents', 'get', 'bot'], env)).code).toBe(0)
    const forbidden = await cli(['stop', 'list', '--json'], env)
    expect([forbidden.code, JSON.parse(forbidden.printed).error.code]).toEqual([1, 'PERMISSION_DENIED'])
    const listed = await cli(['keys', 'list', ...at])
    expect(listed.printed).toContain('service:sync')
    expect(listed.printed).not.toContain(created.json.secret)
    const rotated = await ask('keys', 'rotate', created.json.key.id, '--overlap-hours', '1')
    expect(rotated).toMatchObject({ code: 0, json: { key: { principalId: 'sync', agents: ['bot'] } } })
    const next = { ...env, PRECEPTOR_TOKEN: rotated.json.secret }
    for (const one of [env, next]) expect((await cli(['agents', 'get', 'bot'], one)).code).toBe(0)
    expect((await cli(['keys', 'list', ...at])).printed).toMatch(/ rotated /)
    expect((await cli(['keys', 'rotate', 'key_x', '--overlap-hours', '169', ...at])).code).toBe(2)
    expect((await ask('keys', 'revoke', created.json.key.id)).json.revokedAt).toEqual(expect.any(String))
    expect((await cli(['agents', 'get', 'bot'], env)).code).toBe(1)
  })
})

describe('preceptor stop', () => {
  it('sets, lists and lifts a kill switch', async () => {
    const set = await ask('stop', 'set', '--agent', 'bot', '--reason', 'a test')
    expect(set).toMatchObject({ code: 0, json: { target: 'agent', agent: 'bot', liftedAt: null } })
    expect((await cli(['stop', 'list', ...at])).printed).toMatch(/agent bot +set/)
    expect((await ask('stop', 'lift', set.json.id, '--reason', 'done')).json.liftReason).toBe('done')
    expect(await ask('stop', 'set', '--all', '--reason', 'x')).toMatchObject({
      code: 1,
      json: { error: { code: 'PERMISSION_DENIED' } },
    })
  })
})

describe('preceptor bypasses', () => {
  it('sets, lists and lifts a bypass [POL-7]', async () => {
    const cover = ['--agent', 'bot', '--action', 'refund.create']
    const set = await ask('bypasses', 'set', ...cover, '--minutes', '5', '--reason', 'a test')
    expect(set).toMatchObject({ code: 0, json: { target: 'agent', agent: 'bot', state: 'active' } })
    expect((await cli(['bypasses', 'list', ...at])).printed).toMatch(/refund.create of agent bot +active/)
    expect((await ask('bypasses', 'lift', set.json.id, '--reason', 'done')).json.state).toBe('lifted')
    expect(await ask('bypasses', 'set', ...cover, '--workspace', '--reason', 'x')).toMatchObject({
      code: 2,
      json: { error: { code: 'OPTION_INVALID' } },
    })
  })
})

describe('preceptor journal', () => {
  it('is verified by the server [JRN-2]', async () => {
    expect(await ask('journal', 'verify')).toMatchObject({ code: 0, json: { ok: true } })
    expect((await cli(['journal', 'verify', ...at])).printed).toContain('default: verified')
  })

  it('is exported as it stands, row by row, as lines of JSON [I-32]', async () => {
    for (let count = 0; count < 130; count += 1)
      await fetch(`${server.url}/agents/loud`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ displayName: `=cmd|'/c' ${count}` }),
      })
    await vi.waitFor(async () => expect((await ask('journal', 'verify')).json.unsealed).toBe(0))
    const head = (await ask('journal', 'verify')).json.head.sequence
    const { code, printed } = await cli(['journal', 'export', ...at])
    expect(code).toBe(0)
    const lines = printed.split('\n').map((line) => JSON.parse(line))
    const rows = lines.slice(1).map(({ row }) => row)
    expect(lines[0]).toMatchObject({ workspace: 'default', from: { sequence: 0 }, filter: null })
    expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: rows.length }, (_, index) => index + 1))
    expect(rows.length).toBeGreaterThanOrEqual(head)
    const some = await cli(['journal', 'export', ...at, '--after', '10', '--kind', 'agent.changed'])
    const selected = some.printed.split('\n').map((line) => JSON.parse(line))
    expect(selected[0]).toMatchObject({ from: { sequence: 10 }, filter: { agents: null, kind: 'agent.changed' } })
    expect(selected.slice(1).map(({ row }) => row)).toEqual(
      rows.filter(({ sequence, kind }) => sequence > 10 && kind === 'agent.changed'),
    )
  })

  it('is verified from its export alone, and exits with 1 where a row was changed [I-31, I-32]', async () => {
    const output = join(root, 'journal.jsonl')
    const { json } = await ask('journal', 'export', '--output', output)
    expect(json).toMatchObject({ file: output, after: 0, rows: expect.any(Number) })
    const verified = await cli(['journal', 'verify', '--file', output, '--json'])
    expect([verified.code, JSON.parse(verified.printed)]).toMatchObject([
      0,
      { ok: true, checked: json.rows, anchor: null },
    ])
    writeFileSync(output, readFileSync(output, 'utf8').replace('user:developer', 'user:somebody'))
    const broken = await cli(['journal', 'verify', '--file', output])
    expect([broken.code, broken.printed]).toEqual([1, expect.stringContaining('The row or its hash was changed.')])
    expect((await cli(['journal', 'verify', '--file', join(root, 'none')])).code).toBe(2)
    expect((await cli(['journal', 'verify', ...at, '--checkpoints', output])).code).toBe(2)
  })

  it('is exported to a new file for its user only, without formulas', async () => {
    const output = join(root, 'journal.csv')
    const exported = await ask('journal', 'export', '--format', 'csv', '--output', output)
    const [head, ...lines] = readFileSync(output, 'utf8').trimEnd().split('\r\n')
    expect(exported.json).toEqual({ file: output, after: 0, rows: lines.length })
    expect(statSync(output).mode & 0o777).toBe(0o600)
    expect(head).toBe('sequence,recordedAt,kind,subjectId,agent,id,hash,body')
    for (const line of lines) expect(line).toMatch(/^\d+(?:,"(?![\s=+\-@|])(?:[^"]|"")*")+$/)
    expect(await ask('journal', 'export', '--output', output)).toMatchObject({
      code: 2,
      json: { error: { code: 'OPTION_INVALID' } },
    })
  })
})

describe('preceptor doctor', () => {
  it('finds nothing wrong with a running server, in thirty-four checks', async () => {
    const { code, json } = await ask('doctor')
    expect(json.checks.filter(({ state }: { state: string }) => state === 'failed')).toEqual([])
    expect([code, json.ok, json.checks.length]).toEqual([0, true, 34])
    const { printed } = await cli(['doctor', ...at])
    expect(printed).toContain('user:developer in default, with admin')
  })

  it('fails without a server, naming what to do, and leaves out what needs one', async () => {
    const { code, printed } = await cli(['doctor', '--data-folder', join(root, 'none'), '--json'])
    const { ok, checks } = JSON.parse(printed)
    expect([code, ok]).toEqual([1, false])
    const states = Object.fromEntries(checks.map(({ name, state }: { name: string; state: string }) => [name, state]))
    expect(states).toMatchObject({
      server: 'failed',
      gate: 'skipped',
      credential: 'skipped',
      clock: 'skipped',
      stream: 'skipped',
      policy: 'skipped',
      journal: 'skipped',
    })
  })

  it('sees a folder that others can reach', async () => {
    const open = mkdtempSync(join(root, 'open-'))
    chmodSync(open, 0o755)
    const { printed } = await cli(['doctor', '--data-folder', open, '--json'])
    const folderCheck = JSON.parse(printed).checks.find(({ name }: { name: string }) => name === 'folder')
    expect(folderCheck).toMatchObject({ state: 'failed', message: expect.stringContaining(open) })
  })
})
