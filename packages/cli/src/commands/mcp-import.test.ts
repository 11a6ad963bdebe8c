import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeToolServer } from '../mcp/tool-server.test.helper.ts'
import { runLine } from '../run-line.test.helper.ts'

const root = mkdtempSync(join(tmpdir(), 'preceptor-import-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const server = writeToolServer(root, 'notes')
const file = join(root, 'tools.json')

async function run(...more: readonly string[]) {
  const line = ['mcp', 'import', '--name', 'notes', '--catalogue', file, '--json', ...more]
  const { code, printed, noted } = await runLine([...line, '--', server.command, ...server.args])
  return { code, noted, json: JSON.parse(printed) }
}
const outcomes = ({ json }: Awaited<ReturnType<typeof run>>) =>
  Object.fromEntries(json.tools.map(({ tool, risk, outcome }: Record<string, string>) => [tool, `${risk} ${outcome}`]))
const written = () => JSON.parse(readFileSync(file, 'utf8'))

describe('preceptor mcp import [MCP-20]', () => {
  it('writes what a person edits, and never over it', async () => {
    server.list([{ name: 'read_note' }, { name: 'write_note' }, { name: '__proto__' }])
    expect((await run('--dry-run')).json.written).toBe(false)
    expect(readdirSync(root)).not.toContain('tools.json')

    expect(outcomes(await run())).toMatchObject({ read_note: 'medium added', write_note: 'high added' })
    expect(Object.keys(written().upstreams.notes.tools)).toEqual(['read_note', 'write_note'])
    const said = written()
    const [kept, changed] = [
      { risk: 'safe', note: 'Mine.' },
      { risk: 'medium', capability: 'notes', idempotent: true },
    ]
    Object.assign(said.upstreams.notes.tools.read_note, kept)
    Object.assign(said.upstreams.notes.tools.write_note, changed)
    const [text, mode] = [JSON.stringify(said), 0o640]
    writeFileSync(file, text)
    chmodSync(file, mode)

    expect((await run()).json.written).toBe(false)
    expect(readFileSync(file, 'utf8')).toBe(text)

    server.list([{ name: 'write_note', description: 'Another one.' }, { name: 'delete_note' }])
    const after = await run()
    expect(outcomes(after)).toMatchObject({
      write_note: 'critical changed',
      delete_note: 'critical added',
      read_note: 'safe removed',
    })
    const { tools } = written().upstreams.notes
    expect(tools.read_note).toEqual(said.upstreams.notes.tools.read_note)
    expect(tools.write_note).toMatchObject({ ...changed, changed: true })
    expect(tools.write_note.definition).not.toBe(said.upstreams.notes.tools.write_note.definition)
    expect(statSync(file).mode & 0o777).toBe(mode)

    expect([outcomes(await run()).write_note, (await run()).json.written]).toEqual(['critical changed', false])
    delete tools.write_note.changed
    writeFileSync(file, JSON.stringify({ ...written(), upstreams: { notes: { tools } } }))
    expect(outcomes(await run()).write_note).toBe('medium kept')
  })

  it('leaves a file as it is that is no catalogue', async () => {
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, '{ "version": 2 }')
    expect((await run()).code).toBe(2)
    expect(readFileSync(file, 'utf8')).toBe('{ "version": 2 }')
    writeFileSync(file, text)
  })

  it('takes variables from the environment, and says which is missing', async () => {
    const servers = join(root, 'servers.json')
    const entry = { command: `\${NODE}`, args: server.args }
    writeFileSync(servers, JSON.stringify({ mcpServers: { notes: entry } }))
    const line = ['mcp', 'import', '--servers', servers, '--catalogue', join(root, 'other.json'), '--json']
    const without = await runLine(line)
    expect([without.code, without.noted]).toEqual([2, expect.stringContaining('NODE')])
    expect((await runLine(line, { env: { NODE: process.execPath } })).code).toBe(0)
  })
})
