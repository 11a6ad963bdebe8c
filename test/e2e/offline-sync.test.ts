import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createGovernor } from '@preceptor/core'
import { describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { type ExampleRun, useExample } from './run-example.ts'

interface Finding {
  readonly name: string
  readonly holds: boolean
}

interface Outbox {
  entries(): readonly { readonly idempotencyKey: string }[]
  open(): readonly object[]
  record(attempt: object): void
}

const runExample = useExample('offline-sync')
const TIMEOUT_MS = 240_000
const built = (name: string): string => new URL(`../../examples/dist/offline-sync/${name}.js`, import.meta.url).href

/** Reads what the example left behind, with a governor that it knows nothing of. */
async function expectStored({ document, folder }: ExampleRun): Promise<void> {
  const governor = await createGovernor({ dataFolder: join(folder, 'data'), report: () => undefined })
  try {
    const scope = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'ada', roles: ['admin'] } })
    const { items } = await scope.proposals.list()
    expect(items.map(({ action, state }) => [action, state]).toSorted()).toEqual([
      ['stock.write_off', 'rejected'],
      ['stock.write_off', 'succeeded'],
    ])
    const records = await scope.journal.list({ kind: 'decision.made', limit: 100 })
    const found = await Promise.all(records.items.map(({ subjectId }) => scope.decisions.get(subjectId)))
    const attempts = new Map(found.flatMap(({ execution }) => (execution ? [[execution.id, execution.attempt]] : [])))
    // One of them ran and was refused by the warehouse.
    expect([...attempts.values()]).toEqual(Array(document.last.moves.length + 1).fill(1))
    expect(await scope.journal.verify()).toMatchObject({ ok: true })
  } finally {
    await governor.close()
  }
}

describe('the example of a device that was offline', () => {
  it(
    verifies(
      'OPS-5',
      'sends its batch until each attempt has an end, over a connection that breaks: nothing runs twice',
    ),
    async () => {
      const run = await runExample()
      const { document, folder } = run
      const { check } = (await import(built('check'))) as { check(shown: unknown): readonly Finding[] }
      const wrongIn = (shown: unknown): readonly string[] =>
        check(shown).flatMap(({ name, holds }) => (holds ? [] : [name]))
      expect(document.findings.length).toBeGreaterThan(20)
      expect(wrongIn(document)).toEqual([])
      await expectStored(run)

      // What it checks would not hold, had something run twice, too early or not at all, or an attempt been lost.
      const { decided, answered, cutSending, last, decisions } = document
      const twice = { ...decided, moves: [...decided.moves, decided.moves[0]] }
      expect(wrongIn({ ...document, decided: twice })).toEqual(['approved, it runs, once'])
      expect(wrongIn({ ...document, answered: { ...answered, moves: decided.moves } })).toEqual([
        'tried again, what is allowed ran once',
      ])
      expect(wrongIn({ ...document, cutSending: { ...cutSending, entries: cutSending.entries.slice(1) } })).toEqual([
        'and loses nothing',
      ])
      const forgotten = last.entries.map((entry: object, index: number) => ({
        ...entry,
        ...(index === 1 && { answer: null }),
      }))
      expect(wrongIn({ ...document, last: { ...last, entries: forgotten } })).toEqual(['and every attempt has an end'])
      const byHand = decisions.map(({ body, ...row }: { body: { decision: object } }) => ({
        ...row,
        body: { ...body, decision: { ...body.decision, source: 'manual' } },
      }))
      expect(wrongIn({ ...document, decisions: byHand })).toEqual(['as a synchronisation, which nobody had to say'])

      // A device that died while it wrote has a line without an end, and goes on from the one before.
      const file = join(folder, 'outbox.jsonl')
      const whole = readFileSync(file, 'utf8')
      appendFileSync(file, '{"idempotencyKey":"to')
      const { openOutbox } = (await import(built('outbox'))) as { openOutbox(file: string): Outbox }
      const outbox = openOutbox(file)
      expect([readFileSync(file, 'utf8'), outbox.open()]).toEqual([whole, []])
      outbox.record({ agent: 'count-bot', action: 'stock.move', args: {}, idempotencyKey: 'one-more' })
      expect(outbox.open()).toMatchObject([{ idempotencyKey: 'one-more' }])
      expect(outbox.entries()).toHaveLength(document.attempts.length + 1)
    },
    TIMEOUT_MS,
  )
})
