import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EmbeddedGovernor } from '@preceptor/core'
import { createTestGovernor } from '@preceptor/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { runLine } from '../run-line.test.helper.ts'
import { DEMO_ACTIONS } from './demo-actions.ts'
import { countDemo } from './open-demo.ts'
import { writeWorld } from './write-world.ts'

const TIMEOUT_MS = 120_000
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-demo-'))
  folders.push(folder)
  return folder
}

const asSue = (governor: EmbeddedGovernor) =>
  governor.as({ workspace: 'default', principal: { kind: 'user', id: 'sue', roles: ['supervisor'] } })

describe('the demo', () => {
  it(
    'is a world in which each level shows what follows from it [OPS-7]',
    async () => {
      const test = await createTestGovernor({ actions: DEMO_ACTIONS, settings: { deadlineMs: 20_000 } })
      try {
        await writeWorld(test.governor)
        const sue = asSue(test.governor)
        const { items: agents } = await sue.agents.list()
        expect(new Set(agents.map(({ maturity }) => maturity))).toEqual(
          new Set(['student', 'intern', 'supervised', 'autonomous']),
        )
        const { items: proposals } = await sue.proposals.list()
        expect(proposals.map(({ agent, state }) => `${agent} ${state}`).toSorted()).toEqual([
          'refund-bot pending',
          'refund-bot pending',
          'refund-bot rejected',
          'refund-bot succeeded',
          'report-bot pending',
        ])
        const { items: courses } = await sue.trainingProposals.list()
        expect(courses.map(({ agent, state }) => `${agent} ${state}`).toSorted()).toEqual([
          'intake-bot approved',
          'mail-bot proposed',
        ])
        const { items: trained } = await sue.trainingSessions.list()
        expect(trained).toMatchObject([{ agent: 'intake-bot', state: 'completed' }])
        const { items: sessions } = await sue.sessions.list()
        expect(sessions).toMatchObject([{ agent: 'stock-bot', state: 'completed', supervisorId: 'sam', rating: 4 }])
        const { items: events } = await sue.sessions.events(sessions[0]?.id ?? '')
        expect(JSON.stringify(events)).toContain('Told: Ask the supplier in Kiel, too.')
        const { items: queued } = await sue.queue.list()
        expect(queued).toMatchObject([{ agent: 'stock-bot', action: 'stock.order', state: 'pending' }])
        // What waits can be decided, by whoever looks.
        const [open] = proposals.filter(({ agent, state }) => agent === 'refund-bot' && state === 'pending')
        const { version, actionHash } = await sue.proposals.get(open?.id ?? '')
        expect(await sue.proposals.approve(open?.id ?? '', { version, actionHash })).toMatchObject({
          state: 'approved',
        })
        expect(await countDemo(test.governor)).toEqual({
          ...{ agents: 5, proposals: 5, trainingProposals: 2, sessions: 1, queueEntries: 1 },
        })
        expect(await test.admin.journal.verify()).toMatchObject({ ok: true })
      } finally {
        await test.close()
      }
    },
    TIMEOUT_MS,
  )

  it(
    'is added once and removed as a whole; a second removal says that there is none [OPS-7, CLI-2]',
    async () => {
      const [folder, demo] = [makeFolder(), 'demo']
      const run = async (...args: readonly string[]) => {
        const { code, printed } = await runLine([...args, '--data-folder', folder, '--json'])
        return { code, json: JSON.parse(printed) }
      }
      const path = join(folder, demo)
      expect(await run('demo', 'remove')).toEqual({ code: 0, json: { folder: path, removed: false, held: null } })
      expect(existsSync(path)).toBe(false)
      const added = await run('demo', 'add')
      expect(added).toMatchObject({ code: 0, json: { folder: path, added: true, holds: { agents: 5, proposals: 5 } } })
      expect(await run('demo', 'add')).toMatchObject({ code: 0, json: { added: false, holds: added.json.holds } })
      expect(await run('demo', 'remove')).toMatchObject({ code: 0, json: { removed: true, held: added.json.holds } })
      expect(existsSync(path)).toBe(false)
    },
    TIMEOUT_MS,
  )

  it(
    'that was not written to its end is begun anew, and removed all the same [OPS-7]',
    async () => {
      const folder = makeFolder()
      const path = join(folder, 'demo')
      mkdirSync(path)
      writeFileSync(join(path, 'demo.json'), '{"demo":"partial"}')
      const removed = await runLine(['demo', 'remove', '--data-folder', folder])
      expect([removed.code, existsSync(path)]).toEqual([0, false])
      expect(removed.printed).toContain('Removed the demo')
    },
    TIMEOUT_MS,
  )

  it.each([
    ['a folder of somebody', (path: string) => mkdirSync(join(path, 'pictures'), { recursive: true })],
    ['a file', (path: string) => writeFileSync(path, 'mine')],
    [
      'a folder with a mark that is none',
      (path: string) => {
        mkdirSync(path)
        writeFileSync(join(path, 'demo.json'), '{"demo":"other"}')
      },
    ],
  ])('leaves %s alone [OPS-7]', async (_, make) => {
    const folder = makeFolder()
    make(join(folder, 'demo'))
    for (const command of ['add', 'remove']) {
      const { code, printed } = await runLine(['demo', command, '--data-folder', folder, '--json'])
      expect([code, JSON.parse(printed).error.code]).toEqual([2, 'OPTION_INVALID'])
    }
    expect(existsSync(join(folder, 'demo'))).toBe(true)
  })
})
