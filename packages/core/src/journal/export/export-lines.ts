import type { JsonObject } from '@preceptor/client'
import { canonicalText } from '../canonical-text.ts'
import { type ChainedRow, rowText } from '../chain.ts'
import type { JournalHead } from '../seal-store.ts'

/** What the first line of an export says. */
export interface ExportHeader {
  readonly workspace: string
  /** The row before the first, and its hash. */
  readonly from: JournalHead
  /** The last sealed row when the export began: it ends there, or it was cut off. */
  readonly to: JournalHead
  /** What was left out; null where every row is there, so that the chain can be computed. */
  readonly filter: { readonly agents: readonly string[] | null; readonly kind: string | null } | null
  /** ISO 8601, UTC. */
  readonly exportedAt: string
}

/** A row as an export holds it: what `hash` covers is `<hash before>\n<row>`, byte for byte as it stands in the line. */
export interface ExportedRow extends Omit<ChainedRow, 'body'> {
  readonly body: JsonObject
  readonly hash: string
}

const FORMAT = 'preceptor.journal.v1'
const HASH = /^[0-9a-f]{64}$/

/** The first line of an export. */
export function headerLine({ workspace, from, to, filter, exportedAt }: ExportHeader): string {
  return canonicalText({
    export: FORMAT,
    workspace,
    from: { sequence: from.sequence, hash: from.hash },
    to: { sequence: to.sequence, hash: to.hash },
    filter: filter && { agents: filter.agents, kind: filter.kind },
    exportedAt,
  })
}

/** A row with its hash. */
export function exportLine(row: ChainedRow, hash: string): string {
  return `{"hash":"${hash}","row":${rowText(row)}}`
}

/** Reads the first line of an export; undefined for anything else. */
export function readHeader(line: string): ExportHeader | undefined {
  const value = parse(line)
  if (value === undefined || canonicalText(value) !== line || value.export !== FORMAT) return undefined
  const { workspace, from, to, filter, exportedAt } = value
  if (typeof workspace !== 'string' || typeof exportedAt !== 'string' || !isHead(from) || !isHead(to)) return undefined
  if (filter !== null && !isObject(filter)) return undefined
  // What was left out is shown, and decides nothing but that the chain is not computed.
  return { workspace, from, to, filter: filter as ExportHeader['filter'], exportedAt }
}

/** Reads a row with the text that its hash covers; undefined for what is no line of an export. */
export function readExportLine(line: string): { readonly row: ExportedRow; readonly text: string } | undefined {
  const value = parse(line)
  if (value === undefined || !isHash(value.hash) || !isObject(value.row)) return undefined
  const text = canonicalText(value.row)
  if (line !== `{"hash":"${value.hash}","row":${text}}`) return undefined
  const { sequence, id, workspace, kind, subject, agent, body, recordedAt } = value.row
  if (typeof sequence !== 'number' || (agent !== null && typeof agent !== 'string') || !isObject(body)) return undefined
  if (typeof id !== 'string' || typeof workspace !== 'string' || typeof kind !== 'string') return undefined
  if (typeof subject !== 'string' || typeof recordedAt !== 'string') return undefined
  return { row: { sequence, id, workspace, kind, subject, agent, body, recordedAt, hash: value.hash }, text }
}

function parse(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isHead(value: unknown): value is { readonly sequence: number; readonly hash: string } {
  return isObject(value) && typeof value.sequence === 'number' && isHash(value.hash)
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && HASH.test(value)
}
