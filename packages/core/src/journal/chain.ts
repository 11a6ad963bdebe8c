import { hash } from 'node:crypto'
import { quoted } from './quoted.ts'

/** What stands before the first row of a chain. */
export const GENESIS_HASH: string = '0'.repeat(64)

/** A journal row at its place in the chain; `body` is canonical JSON. */
export interface ChainedRow {
  readonly sequence: number
  readonly id: string
  readonly workspace: string
  readonly kind: string
  readonly subject: string
  readonly agent: string | null
  readonly body: string
  /** ISO 8601, UTC. */
  readonly recordedAt: string
}

/** The row as RFC 8785 text. It is written out by hand, keys in order, because every row passes here. */
export function rowText(row: ChainedRow): string {
  const agent = row.agent === null ? 'null' : quoted(row.agent)
  return (
    `{"agent":${agent},"body":${row.body},"id":${quoted(row.id)},"kind":${quoted(row.kind)}` +
    `,"recordedAt":${quoted(row.recordedAt)},"sequence":${row.sequence}` +
    `,"subject":${quoted(row.subject)},"workspace":${quoted(row.workspace)}}`
  )
}

/** The hash of a row (SHA-256, hex), which holds the whole chain before it. */
export function hashOf(previous: string, row: ChainedRow): string {
  return hash('sha256', `${previous}\n${rowText(row)}`, 'hex')
}
