import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGovernor } from '@preceptor/core'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, expect, it } from 'vitest'
import { runLine } from './run-line.test.helper.ts'

const root = mkdtempSync(join(tmpdir(), 'preceptor-anchor-'))
const [file, key, publicKey] = ['checkpoints.jsonl', 'key.pem', 'public.pem'].map((name) => join(root, name)) as [
  string,
  string,
  string,
]
const signing = { PRECEPTOR_CHECKPOINTS: file, PRECEPTOR_CHECKPOINT_KEY: key }
const verifying = { PRECEPTOR_CHECKPOINTS: file, PRECEPTOR_CHECKPOINT_PUBLIC_KEYS: publicKey }
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function act(database: string, count: number): Promise<void> {
  const governor = await createGovernor({ database, migrate: true })
  const system = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'test', roles: [] } })
  for (let agent = 0; agent < count; agent += 1) await system.agents.register({ id: `bot-${agent}` })
  await governor.close()
}

describeWithPostgres('checkpoints from the command line', () => {
  const [database, wiped] = [useTestDatabase(), useTestDatabase()]
  const run = (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
    runLine(args, { env: { DATABASE_URL: database.url, ...env } })

  it('are taken, verified against, and find a database that was wiped and filled again [I-31-ANCHOR]', async () => {
    const pair = generateKeyPairSync('ed25519')
    writeFileSync(key, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    writeFileSync(publicKey, pair.publicKey.export({ type: 'spki', format: 'pem' }))
    await act(database.url, 3)
    const bare = await run({}, 'db', 'verify')
    expect([bare.code, bare.printed]).toEqual([0, expect.stringContaining('not anchored')])
    expect((await run({}, 'journal', 'checkpoint')).code).toBe(2)
    const taken = await run(signing, 'journal', 'checkpoint', '--json')
    expect([taken.code, JSON.parse(taken.printed)]).toMatchObject([
      0,
      { checkpoints: [{ workspace: 'default', outcome: 'taken', checkpoint: { number: 1 } }] },
    ])
    const again = await run(signing, 'journal', 'checkpoint')
    expect([again.code, again.printed]).toEqual([0, 'default: nothing new since checkpoint 1'])
    const printed = expect.stringMatching(/1 checkpoints, up to \d+ of/)
    expect(await run(signing, 'db', 'verify')).toMatchObject({ code: 0, printed })
    expect(await run(verifying, 'db', 'verify', '--all')).toMatchObject({ code: 0, printed })

    await act(wiped.url, 2)
    const there = { ...signing, DATABASE_URL: wiped.url }
    const broken = expect.stringMatching(/BROKEN at \d+: .*checkpoint 1 of/)
    expect(await run(there, 'db', 'verify')).toMatchObject({ code: 1, printed: broken })
    expect(await run(there, 'db', 'verify', '--all')).toMatchObject({ code: 1, printed: broken })
    const refused = expect.stringContaining('REFUSED')
    expect(await run(there, 'journal', 'checkpoint')).toMatchObject({ code: 1, printed: refused })
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(1)
  }, 60_000)

  it('say what is missing or is no key', async () => {
    const wrong = async (set: Readonly<Record<string, string>>) =>
      JSON.parse((await run(set, 'db', 'verify', '--json')).printed).error
    const bad = join(root, 'bad.pem')
    writeFileSync(bad, 'secret')
    for (const set of [
      { PRECEPTOR_CHECKPOINT_KEY: key },
      { PRECEPTOR_CHECKPOINTS: file },
      { ...signing, PRECEPTOR_CHECKPOINT_KEY: join(root, 'none') },
      { ...signing, PRECEPTOR_CHECKPOINT_KEY: bad },
    ]) {
      const error = await wrong(set)
      expect(error).toMatchObject({ code: 'OPTION_INVALID' })
      expect(JSON.stringify(error)).not.toContain('secret')
    }
  })
})
