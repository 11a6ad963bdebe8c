import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { endProgram, makePlace, type Program, startProgram } from './demo-process.ts'

const BIN = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))
const TIMEOUT_MS = 300_000
const DEMO = ['--data-folder', '.preceptor/demo']

const place = makePlace()
afterAll(() => place.remove())

const preceptor = (...args: readonly string[]): Program => startProgram(place, { file: BIN, args })

async function run(...args: readonly string[]) {
  const program = preceptor(...args, '--json')
  const code = await program.ended
  return { code, json: JSON.parse(program.stdout()), stderr: program.stderr() }
}

/** Everything that the lists of a plane hold. */
async function listed(...place: readonly string[]) {
  const lists = ['agents list', 'proposals list', 'training list', 'sessions list', 'queue list', 'journal list']
  const found = new Map<string, readonly { readonly [name: string]: string }[]>()
  for (const list of lists) found.set(list, (await run(...list.split(' '), ...place)).json.items)
  return found
}

describe('preceptor dev --demo', () => {
  it(
    verifies(
      'OPS-7',
      'serves a world beside the own one, in which what is approved runs; removed, nothing is left of it',
    ),
    async () => {
      const own = preceptor('dev', '--port', '0')
      await own.waitFor(/^API\s+http:/m)
      expect(await run('agents', 'register', 'mine')).toMatchObject({ code: 0 })
      const before = await listed()

      // Beside the server that runs.
      const demo = preceptor('dev', '--demo', '--port', '0')
      await demo.waitFor(/^Demo\s+agents of four levels/m)
      const shown = await listed(...DEMO)
      expect(new Set(shown.get('agents list')?.map(({ maturity }) => maturity)).size).toBe(4)
      const waiting = shown
        .get('proposals list')
        ?.find(({ action, state }) => action === 'refund.create' && state === 'pending')
      const { id = '', actionHash = '' } = waiting ?? {}
      expect(await run('proposals', 'approve', id, '--action-hash', actionHash, ...DEMO)).toMatchObject({ code: 0 })
      await vi.waitFor(
        async () =>
          expect(await run('proposals', 'show', id, ...DEMO)).toMatchObject({
            json: { proposal: { state: 'succeeded' } },
          }),
        { timeout: 60_000 },
      )
      const early = await run('demo', 'remove')
      expect([early.code, early.json.error.code]).toEqual([1, 'DATA_FOLDER_LOCKED'])
      expect(await endProgram(demo, 'SIGTERM'), demo.stderr()).toBe(0)

      const removed = await run('demo', 'remove')
      expect(removed).toMatchObject({ code: 0, json: { removed: true, held: { agents: 5, proposals: 5 } } })
      expect(existsSync(join(place.folder, '.preceptor', 'demo'))).toBe(false)
      // The own world is what it was, to the last row.
      expect(await listed()).toEqual(before)
      expect(await endProgram(own, 'SIGTERM')).toBe(0)
      expect(await run('db', 'verify')).toMatchObject({ code: 0, json: { ok: true } })
      expect(own.stderr()).not.toMatch(/mail-bot|refund-bot/)
    },
    TIMEOUT_MS,
  )
})
