import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeOnEachStore } from './each-store.test.helper.ts'
import { cutSnapshot, EMPTY_SNAPSHOT, parseSnapshot, type Snapshot, snapshotText } from './snapshot.ts'

const snapshots: fc.Arbitrary<Snapshot> = fc
  .record({ end: fc.bigInt({ min: 1n, max: 1_000n }), below: fc.uniqueArray(fc.bigInt({ min: 1n, max: 999n })) })
  .map(({ end, below }) => {
    const running = below.filter((xid) => xid < end).sort((one, other) => Number(one - other))
    return { end, running }
  })

const sees = ({ end, running }: Snapshot, xid: bigint): boolean => xid < end && !running.includes(xid)

describe('snapshot', () => {
  it('reads and writes the text form of Postgres', () => {
    expect(parseSnapshot('10:20:10,14,15')).toEqual({ end: 20n, running: [10n, 14n, 15n] })
    expect(parseSnapshot('20:20:')).toEqual({ end: 20n, running: [] })
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        expect(parseSnapshot(snapshotText(snapshot))).toEqual(snapshot)
      }),
    )
  })

  it('that is cut sees what it saw before the cut, and nothing from there on', () => {
    fc.assert(
      fc.property(snapshots, fc.bigInt({ min: 1n, max: 1_200n }), (snapshot, end) => {
        const cut = cutSnapshot(snapshot, end)
        for (let xid = 1n; xid < 1_200n; xid += 1n) {
          expect(sees(cut, xid)).toBe(xid < end && sees(snapshot, xid))
        }
      }),
    )
  })
})

describeOnEachStore('snapshot text', (store) => {
  it('is taken by the database, cut or not', async () => {
    for (const snapshot of [EMPTY_SNAPSHOT, ...fc.sample(snapshots, 30)]) {
      for (const one of [snapshot, cutSnapshot(snapshot, 500n), cutSnapshot(snapshot, 2n)]) {
        const [row] = await store.asOwner('select $1::pg_snapshot::text as text', [snapshotText(one)])
        expect(row?.text).toBe(snapshotText(one))
      }
    }
  })
})
