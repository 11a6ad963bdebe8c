import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGovernor } from '@preceptor/core'
import { afterAll, describe, expect, it } from 'vitest'
import { runLine } from './run-line.test.helper.ts'

const root = mkdtempSync(join(tmpdir(), 'preceptor-anchor-'))
const [folder, file, key, publicKey] = ['data', 'checkpoints.jsonl', 'key.pem', 'public.pem'].map((name) =>
  join(root, name),
) as [string, string, string, string]
const at = ['--data-folder', folder]
const env = { PRECEPTOR_CHECKPOINTS: file, PRECEPTOR_CHECKPOINT_KEY: key }
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function act(count: number): Promise<void> {
  const governor = await createGovernor({ dataFolder: folder })
  const system = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'test', roles: [] } })
  for (let agent = 0; agent < count; agent += 1) await system.agents.register({ id: `bot-${agent}` })
  await governor.close()
}

const run = (...args: readonly string[]) => runLine([...args, ...at], { env })

describe('checkpoints from the command line', () => {
  it('are taken, verified against, and find a database that was wiped and filled again [I-31-ANCHOR]', async () => {
    execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', key])
    execFileSync('openssl', ['pkey', '-in', key, '-pubout', '-out', publicKey])
    await act(3)
    const bare = await runLine(['db', 'verify', ...at])
    expect([bare.code, bare.printed]).toEqual([0, expect.stringContaining('not anchored')])
    expect((await runLine(['journal', 'checkpoint', ...at])).code).toBe(2)
    const taken = await run('journal', 'checkpoint', '--json')
    expect([taken.code, JSON.parse(taken.printed)]).toMatchObject([
      0,
      { checkpoints: [{ workspace: 'default', outcome: 'taken', checkpoint: { number: 1 } }] },
    ])
    const again = await run('journal', 'checkpoint')
    expect([again.code, again.printed]).toEqual([0, 'default: nothing new since checkpoint 1'])
    expect(await run('db', 'verify')).toMatchObject({
      code: 0,
      printed: expect.stringMatching(/1 checkpoints, up to \d+ of/),
    })
    const verifier = { PRECEPTOR_CHECKPOINTS: file, PRECEPTOR_CHECKPOINT_PUBLIC_KEYS: publicKey }
    expect((await runLine(['db', 'verify', ...at, '--all'], { env: verifier })).code).toBe(0)

    rmSync(join(folder, 'database'), { recursive: true })
    await act(2)
    const wiped = await run('db', 'verify')
    expect(wiped).toMatchObject({ code: 1, printed: expect.stringMatching(/BROKEN at \d+: .*checkpoint 1 of/) })
    const refused = await run('journal', 'checkpoint')
    expect(refused).toMatchObject({ code: 1, printed: expect.stringContaining('REFUSED') })
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(1)
  }, 60_000)

  it('say what is missing or is no key', async () => {
    const wrong = async (set: Record<string, string>) =>
      JSON.parse((await runLine(['db', 'verify', ...at, '--json'], { env: set })).printed).error
    expect(await wrong({ PRECEPTOR_CHECKPOINT_KEY: key })).toMatchObject({ code: 'OPTION_INVALID' })
    expect(await wrong({ PRECEPTOR_CHECKPOINTS: file })).toMatchObject({ code: 'OPTION_INVALID' })
    expect(await wrong({ ...env, PRECEPTOR_CHECKPOINT_KEY: join(root, 'none') })).toMatchObject({
      code: 'OPTION_INVALID',
    })
    writeFileSync(join(root, 'bad.pem'), 'secret')
    const bad = await wrong({ ...env, PRECEPTOR_CHECKPOINT_KEY: join(root, 'bad.pem') })
    expect(bad).toMatchObject({ code: 'OPTION_INVALID' })
    expect(JSON.stringify(bad)).not.toContain('secret')
  })
})
