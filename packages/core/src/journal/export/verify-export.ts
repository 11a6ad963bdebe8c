import { GovernanceError, type JournalVerification } from '@preceptor/client'
import { sha256Hex } from '../../kernel/canonical-json.ts'
import { type CheckpointOptions, openCheckpoints } from '../checkpoints/checkpoint-options.ts'
import { compareCheckpoints } from '../checkpoints/compare-checkpoints.ts'
import type { JournalHead } from '../seal-store.ts'
import { at, type ChainProblem } from '../walk-chain.ts'
import { type ExportedRow, type ExportHeader, readExportLine, readHeader } from './export-lines.ts'
import { linesOf } from './lines-of.ts'

/** What the verification of an export found. */
export interface ExportVerification extends JournalVerification {
  readonly workspace: string
}

/**
 * Verifies an export of the journal without its database: the text of `GET /journal/export`, in pieces of any length. With
 * checkpoints it is compared with them as the journal is.
 *
 * @throws GovernanceError `INPUT_INVALID` for what is no export, or one from which rows were left out on request;
 * `CHECKPOINTS_UNAVAILABLE`, `OPTION_INVALID`.
 * @example
 * ```ts
 * import { createReadStream } from 'node:fs'
 * import { verifyExportedJournal } from '@preceptor/core'
 *
 * export const isIntact = async (path: string): Promise<boolean> =>
 *   (await verifyExportedJournal(createReadStream(path, 'utf8'))).ok
 * ```
 */
export async function verifyExportedJournal(
  text: AsyncIterable<string>,
  { checkpoints }: { readonly checkpoints?: CheckpointOptions | undefined } = {},
): Promise<ExportVerification> {
  const iterator = linesOf(text)
  const header = headerOf((await iterator.next()).value)
  const log = checkpoints && openCheckpoints(checkpoints)
  const examined = await log?.examine(header.workspace)
  // Those before the first row are of rows that are not here, those after the last one were not there yet.
  const { from, to } = header
  const inside =
    examined?.checkpoints.filter(({ sequence }) => sequence > from.sequence && sequence <= to.sequence) ?? []
  const comparison = compareCheckpoints({ checkpoints: inside, problem: examined?.problem ?? null })
  let reached: JournalHead = from
  let problem = startProblem(
    header,
    examined?.checkpoints.find(({ sequence }) => sequence === from.sequence),
  )
  while (problem === null) {
    const next = await iterator.next()
    if (next.done === true) break
    const result = follow(header, reached, next.value)
    problem = 'what' in result ? result : comparison.visit(walked(result))
    if (problem === null && !('what' in result)) reached = result
  }
  problem ??= endProblem(header, reached)
  // What the rows tell of checkpoints is looked for among all of them.
  if (examined !== undefined) problem ??= await comparison.end(reached, async () => examined)
  const agreed = comparison.agreed()
  return {
    workspace: header.workspace,
    ok: problem === null,
    checked: reached.sequence - from.sequence,
    unsealed: 0,
    head: { sequence: reached.sequence, hash: reached.hash },
    anchor:
      examined === undefined
        ? null
        : { checkpoints: inside.length, sequence: agreed?.sequence ?? 0, takenAt: agreed?.takenAt ?? null },
    problem,
  }
}

function headerOf(line: unknown): ExportHeader {
  const header = typeof line === 'string' ? readHeader(line) : undefined
  if (header === undefined) {
    throw new GovernanceError('INPUT_INVALID', { message: 'It does not begin as an export of a journal does.' })
  }
  if (header.filter === null) return header
  throw new GovernanceError('INPUT_INVALID', {
    message: 'Rows were left out of this export on request: its chain cannot be computed.',
    hint: 'Export the whole journal, without --agent and --kind.',
  })
}

function follow({ workspace }: ExportHeader, reached: JournalHead, line: string): ExportedRow | ChainProblem {
  const sequence = reached.sequence + 1
  const found = readExportLine(line)
  if (found === undefined) return at(sequence, 'the line is no row of an export, or was changed')
  const { row, text } = found
  if (row.sequence !== sequence)
    return at(sequence, `the row at this place is missing: row ${row.sequence} stands there`)
  if (row.workspace !== workspace) return at(sequence, 'the row is of another workspace')
  if (sha256Hex(`${reached.hash}\n${text}`) !== row.hash) return at(sequence, 'the row or its hash was changed')
  return row
}

function walked({
  sequence,
  hash,
  body,
  ...row
}: ExportedRow): Parameters<ReturnType<typeof compareCheckpoints>['visit']>[0] {
  return { sequence, hash, row: { ...row, body: JSON.stringify(body) } }
}

function startProblem({ from }: ExportHeader, before: { readonly hash: string } | undefined): ChainProblem | null {
  if (before === undefined || before.hash === from.hash) return null
  return at(from.sequence, 'the export does not begin where the chain of its checkpoint was')
}

function endProblem({ to }: ExportHeader, reached: JournalHead): ChainProblem | null {
  if (reached.sequence < to.sequence)
    return at(reached.sequence + 1, `the rows from this place on are missing, up to ${to.sequence}`)
  if (reached.sequence > to.sequence) return at(to.sequence + 1, 'there are rows after the end that the export states')
  return reached.hash === to.hash ? null : at(to.sequence, 'the end is not the hash of the last row')
}
