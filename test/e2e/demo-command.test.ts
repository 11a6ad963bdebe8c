import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectGovernor } from '@preceptor/client'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { endProgram, makePlace, type Program, startProgram } from './demo-process.ts'

const BIN = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))
const TIMEOUT_MS = 400_000
// Two databases are opened at once.
const PATIENCE_MS = 120_000
const OWN = '.preceptor'
const DEMO = join(OWN, 'demo')

const place = makePlace()
afterAll(() => place.remove())

const preceptor = (...args: readonly string[]): Program => startProgram(place, { file: BIN, args })

async function run(...args: readonly string[]) {
  const program = preceptor(...args, '--json')
  const code = await program.ended
  return { code, json: JSON.parse(program.stdout()), stderr: program.stderr() }
}

/** Everything that the lists of a plane hold, as whoever holds the key of the folder reads it. */
async function listed(folder: string) {
  const { url, token } = JSON.parse(readFileSync(join(place.folder, folder, 'dev.json'), 'utf8'))
  const governor = connectGovernor({ url, token })
  try {
    const { agents, proposals, trainingProposals, sessions, queue, journal } = governor.as(
      await governor.authenticate(token),
    )
    const all = { limit: 100 }
    return {
      agents: (await agents.list(all)).items,
      proposals: (await proposals.list(all)).items,
      trainingProposals: (await trainingProposals.list(all)).items,
      sessions: (await sessions.list(all)).items,
      queue: (await queue.list(all)).items,
      // Whether a row is sealed by now is no matter here.
      journal: (await journal.list(all)).items.map(({ id, kind, body }) => ({ id, kind, body })),
    }
  } finally {
    await governor.close()
  }
}

describe('preceptor dev --demo', () => {
  it(
    verifies(
      'OPS-7',
      'serves a world beside the own one, in which what is approved runs; removed, nothing is left of it',
    ),
    async () => {
      const own = preceptor('dev', '--port', '0')
      await own.waitFor(/^API\s+http:/m, PATIENCE_MS)
      expect(await run('agents', 'register', 'mine')).toMatchObject({ code: 0 })
      const before = await listed(OWN)

      // Beside the server that runs.
      expect(await run('demo', 'add')).toMatchObject({ code: 0, json: { added: true } })
      const demo = preceptor('dev', '--demo', '--port', '0')
      await demo.waitFor(/^Demo\s+agents of four levels/m, PATIENCE_MS)
      const shown = await listed(DEMO)
      expect(new Set(shown.agents.map(({ maturity }) => maturity)).size).toBe(4)
      const [waiting] = shown.proposals.filter(({ action, state }) => action === 'refund.create' && state === 'pending')
      const { id = '', actionHash = '' } = waiting ?? {}
      const approved = await run('proposals', 'approve', id, '--action-hash', actionHash, '--data-folder', DEMO)
      expect(approved, approved.stderr).toMatchObject({ code: 0 })
      await vi.waitFor(
        async () => {
          const { proposals } = await listed(DEMO)
          expect(proposals.find((proposal) => proposal.id === id)?.state).toBe('succeeded')
        },
        { timeout: 60_000, interval: 200 },
      )
      const early = await run('demo', 'remove')
      expect([early.code, early.json.error.code]).toEqual([1, 'DATA_FOLDER_LOCKED'])
      expect(await endProgram(demo, 'SIGTERM'), demo.stderr()).toBe(0)

      const removed = await run('demo', 'remove')
      expect(removed).toMatchObject({ code: 0, json: { removed: true, held: { agents: 5, proposals: 5 } } })
      expect(existsSync(join(place.folder, '.preceptor', 'demo'))).toBe(false)
      // The own world is what it was, to the last row.
      expect(await listed(OWN)).toEqual(before)
      expect(await endProgram(own, 'SIGTERM')).toBe(0)
      expect(await run('db', 'verify')).toMatchObject({ code: 0, json: { ok: true } })
      expect(own.stderr()).not.toMatch(/mail-bot|refund-bot/)
    },
    TIMEOUT_MS,
  )
})
