import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Plane, startPlane, typing } from './plane.test.helper.ts'
import { runLine } from './run-line.test.helper.ts'

let plane: Plane
const why = ['--reason', 'a test']

/** Writes a policy file; gives its path. */
function file(name: string, text: string): string {
  const path = join(plane.folder, name)
  writeFileSync(path, text)
  return path
}

const version = async (): Promise<number> => (await plane.admin.policies.current()).version

beforeAll(async () => {
  plane = await startPlane()
  await plane.admin.registerActions({ 'refund.create': { risk: 'medium' }, 'note.write': { risk: 'medium' } })
  for (const maturity of ['student', 'intern', 'autonomous'] as const) {
    await plane.admin.agents.register({ id: maturity, maturity, ownerId: 'system' })
  }
}, 120_000)
afterAll(() => plane.close())

describe('preceptor policy', () => {
  it('checks a file without a server, by line and column, and exits with 1 where it is wrong [POL-23]', async () => {
    const good = file('good.yaml', 'shadow: [refund]\n')
    const bad = file('bad.yaml', 'shadow: [refund]\nseparationOfDuties: no\n')
    expect(await runLine(['policy', 'check', good])).toMatchObject({ code: 0, printed: `${good} is valid.` })
    const found = await runLine(['policy', 'check', bad, '--json'])
    expect([found.code, JSON.parse(found.printed)]).toEqual([
      1,
      {
        file: bad,
        ok: false,
        problems: [
          { line: 2, column: 21, field: 'separationOfDuties', message: expect.stringContaining('write false') },
        ],
      },
    ])
    expect((await runLine(['policy', 'check', bad])).printed).toMatch(/bad\.yaml:2:21: separationOfDuties: /)
    expect((await runLine(['policy', 'check', join(plane.folder, 'none.yaml')])).code).toBe(2)
  })

  it('says which way each change goes, and exits with 3 where one may loosen [POL-21]', async () => {
    const stricter = file('stricter.yaml', 'actions: { refund.create: { ceiling: intern } }\n')
    expect(await plane.ask('policy', 'diff', stricter)).toMatchObject({
      code: 0,
      json: {
        version: await version(),
        loosens: false,
        changes: [{ path: 'actions.refund.create.ceiling', before: null, after: 'intern', effect: 'stricter' }],
      },
    })
    const looser = await plane.cli(['policy', 'diff', file('looser.yaml', 'shadow: [refund]\n')])
    expect([looser.code, looser.printed]).toEqual([
      3,
      expect.stringMatching(/looser +shadow\.refund +- +true|looser +shadow\.refund +false +true/),
    ])
  })

  it('puts a file in force, over the version that was seen and no other [POL-24]', async () => {
    const path = file('one.yaml', '# by us\nactions: { refund.create: { ceiling: intern } }\n')
    const seen = await version()
    expect(await plane.ask('policy', 'apply', path, ...why, '--yes', '--based-on', String(seen))).toMatchObject({
      code: 0,
      json: { applied: true, version: seen + 1 },
    })
    expect(await plane.admin.policies.current()).toMatchObject({
      version: seen + 1,
      document: { actions: { 'refund.create': { ceiling: 'intern' } } },
      reason: 'a test',
    })
    const late = file('two.yaml', 'actions: { refund.create: { ceiling: student } }\n')
    expect(await plane.ask('policy', 'apply', late, ...why, '--yes', '--based-on', String(seen))).toMatchObject({
      code: 1,
      json: { error: { code: 'CONFLICT', details: { version: seen + 1 } } },
    })
    // The same again changes nothing and makes no version.
    expect(await plane.ask('policy', 'apply', path, ...why, '--yes')).toMatchObject({
      code: 0,
      json: { applied: false, version: seen + 1 },
    })
    expect(await version()).toBe(seen + 1)
  })

  it('puts nothing in force over what another one applied while a person was asked [POL-24]', async () => {
    const path = file('mine.yaml', 'actions: { refund.create: { ceiling: student } }\n')
    const seen = await version()
    let other: Promise<unknown> | undefined
    const person = typing(['yes'])
    const slow = () => {
      const keyboard = person.openKeyboard()
      return {
        ...keyboard,
        line: async (question: string, signal: AbortSignal) => {
          other = plane.admin.policies.put({ proposalTtlMs: 5_000 }, { basedOn: seen, reason: 'meanwhile' })
          await other
          return keyboard.line(question, signal)
        },
      }
    }
    const result = await plane.cli(['policy', 'apply', path, ...why], { openKeyboard: slow })
    expect([result.code, result.noted]).toEqual([1, expect.stringContaining(`at version ${seen + 1}, not ${seen}`)])
    expect(await plane.admin.policies.current()).toMatchObject({ reason: 'meanwhile', version: seen + 1 })
  })

  it('loosens nothing without being told that this is meant [POL-21, POL-24]', async () => {
    await plane.admin.policies.put({}, { basedOn: await version(), reason: 'anew' })
    const path = file('loose.yaml', 'shadow: [refund]\n')
    const seen = await version()
    const refused = await plane.ask('policy', 'apply', path, ...why, '--yes')
    expect(refused).toMatchObject({ code: 3, json: { applied: false, loosens: true, version: seen } })
    expect(await version()).toBe(seen)
    const asked: string[] = []
    const loose = ['policy', 'apply', path, ...why, '--allow-looser']
    expect((await plane.cli(loose, typing(['yes'], asked))).code).toBe(1)
    expect(asked).toEqual([expect.stringContaining('Type looser to go on')])
    expect(await version()).toBe(seen)
    expect((await plane.cli(loose, typing(['looser']))).code).toBe(0)
    expect(await version()).toBe(seen + 1)
    expect((await plane.cli(['policy', 'apply', file('back.yaml', '{}'), ...why])).code).toBe(2)
  })

  it('shows versions, lists them, and brings a file to them with its comments [POL-24]', async () => {
    const { version: newest, document } = await plane.admin.policies.current()
    expect((await plane.cli(['policy', 'show'])).printed).toContain(`# Version ${newest}, by user:ana`)
    expect((await plane.ask('policy', 'show', '--version', '1')).json).toMatchObject({ version: 1, reason: 'a test' })
    expect((await plane.ask('policy', 'show', '--version', '0')).json).toMatchObject({ version: 0, document: {} })
    expect((await plane.ask('policy', 'show', '--version', '99')).json.error.code).toBe('NOT_FOUND')
    const { json } = await plane.ask('policy', 'history', '--limit', '1')
    expect(json).toMatchObject({ items: [{ version: newest }], next: expect.any(String) })
    const path = file('pulled.yaml', '# ours\nshadow:\n  - note # watched\n')
    expect((await plane.ask('policy', 'pull', path)).json).toEqual({ file: path, version: newest, changed: true })
    expect(document).toEqual({ shadow: ['refund'] })
    expect(readFileSync(path, 'utf8')).toBe('# ours\nshadow:\n  - refund # watched\n')
    expect((await plane.ask('policy', 'pull', path)).json.changed).toBe(false)
    const made = join(plane.folder, 'new.yaml')
    await plane.ask('policy', 'pull', made)
    expect((await plane.ask('policy', 'diff', made)).json.changes).toEqual([])
    expect((await plane.ask('policy', 'pull', file('broken.yaml', 'shadows: [a]'))).json.error.code).toBe(
      'POLICY_INVALID',
    )
  })
})

describe('preceptor policy simulate', () => {
  it('says what would have changed, as it is counted from the decisions themselves [POL-25]', async () => {
    await plane.admin.policies.put({}, { basedOn: await version(), reason: 'anew' })
    const made: { id: string; agent: string; action: string; route: string }[] = []
    for (const agent of ['student', 'intern', 'autonomous', 'intern']) {
      const scope = await plane.agent(agent)
      for (const action of ['refund.create', 'note.write']) made.push(await scope.decide({ agent, action, args: {} }))
    }
    const stricter = file('sim.yaml', 'actions:\n  refund.create: { ceiling: student }\n')
    const { code, json } = await plane.ask('policy', 'simulate', stricter, '--days', '1', '--list', '2000')
    const expected = made
      .filter(({ action, route }) => action === 'refund.create' && route !== 'training')
      .map(({ id, agent, route }) => ({ id, agent, before: route, after: 'training' }))
    expect(expected).toHaveLength(3)
    expect([code, json.looser, json.differing]).toEqual([0, 0, expected.length])
    const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id).sort()
    expect(ids(json.differences)).toEqual(ids(expected))
    expect(json.differences).toEqual(expect.arrayContaining(expected.map((one) => expect.objectContaining(one))))
    const count = (by: 'agent' | 'before', value: string) => expected.filter((one) => one[by] === value).length
    expect(json.agents).toEqual([
      { agent: 'intern', before: 'proposal', after: 'training', count: count('agent', 'intern') },
      { agent: 'autonomous', before: 'execution', after: 'training', count: count('agent', 'autonomous') },
    ])
    expect(json.actions).toEqual([
      { action: 'refund.create', before: 'proposal', after: 'training', count: count('before', 'proposal') },
      { action: 'refund.create', before: 'execution', after: 'training', count: count('before', 'execution') },
    ])
    expect(
      await plane.admin.policies.simulate(
        { actions: { 'refund.create': { ceiling: 'student' } } },
        { days: 1, listed: 1 },
      ),
    ).toMatchObject({
      differing: 3,
      differences: { length: 1 },
    })
  })

  it('exits with 3 where something would be looser, and shows how long it takes where somebody watches [POL-25]', async () => {
    const looser = file('sim-looser.yaml', 'shadow: [refund, note]\n')
    const { code, json } = await plane.ask('policy', 'simulate', looser, '--days', '1')
    expect([code, json.looser]).toEqual([3, 6])
    const { printed } = await plane.cli(['policy', 'simulate', looser])
    expect(printed).toContain('6 would go another way, 6 of them looser')
    expect(printed).toContain(json.differences[0].id)
    expect((await plane.ask('policy', 'simulate', looser, '--days', '31')).code).toBe(2)
  })

  it('and the report on shadow says the same once it was watched [POL-22, POL-25]', async () => {
    const shadow = file('shadow.yaml', 'shadow: [refund]\n')
    expect((await plane.ask('policy', 'apply', shadow, ...why, '--yes', '--allow-looser')).code).toBe(0)
    for (const agent of ['student', 'intern', 'autonomous']) {
      const scope = await plane.agent(agent)
      expect((await scope.decide({ agent, action: 'refund.create', args: {} })).route).toBe('execution')
    }
    const { json } = await plane.ask('policy', 'shadow')
    expect(json.capabilities).toMatchObject([
      { capability: 'refund', isShadowed: true, ran: 3, would: { execution: 1, proposal: 1, training: 1 } },
    ])
    const { printed } = await plane.cli(['policy', 'shadow', '--since', new Date(Date.now() - 3_600_000).toISOString()])
    expect(printed).toMatch(/refund +in shadow +3 +1 +0 +1 +1 +0/)
    expect((await plane.ask('policy', 'shadow', '--since', 'yesterday')).json.error.code).toBe('INPUT_INVALID')
  })
})
