import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName, inWorkspace, isoTime } from '@preceptor/core/plugin'
import type { Example, ExampleImport } from '../client/feedback.ts'
import type { FeedbackPorts } from '../ports/feedback-ports.ts'
import { countLines, type ExampleLine, MOST_LINES, parseLines } from './example-lines.ts'
import { insertExamples } from './example-store.ts'
import { newExample } from './new-example.ts'

// As many as a transaction takes without others having to wait for it.
const BATCH = 500
const MOST_REFUSED = 100

/**
 * Adds the examples of a text of JSON lines. Each part of it is committed as it is read: an import that broke off can be
 * repeated whole, because what is there is left alone.
 *
 * @throws GovernanceError `INPUT_INVALID` for more than 10,000 lines, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function importExamples(ports: FeedbackPorts, actor: Actor, lines: string): Promise<ExampleImport> {
  const access = ports.authorizer.authorize(actor, 'learning.examples.import')
  assertWhole(actor, access)
  if (typeof lines !== 'string') throw new GovernanceError('INPUT_INVALID', { message: 'lines: a text is needed.' })
  if (countLines(lines) > MOST_LINES) {
    throw new GovernanceError('INPUT_INVALID', {
      message: `lines: at most ${MOST_LINES} are imported at once.`,
      hint: 'Split the text and import the parts one after the other.',
    })
  }
  const refused: ExampleImport['refused'][number][] = []
  let batch: ExampleLine[] = []
  let added = 0
  let read = 0
  const flush = async (): Promise<void> => {
    added += await insertBatch(ports, actor, batch)
    batch = []
  }
  for (const parsed of parseLines(lines)) {
    if ('refused' in parsed) {
      if (refused.length < MOST_REFUSED) refused.push(parsed.refused)
      continue
    }
    read += 1
    if (batch.push(parsed.example) === BATCH) await flush()
  }
  await flush()
  return { added, duplicates: read - added, refused }
}

/** Who is bound to some agents has no say in what the others learn. */
function assertWhole({ principal }: Actor, access: string): void {
  if (access !== 'scoped' || principal.agents === undefined) return
  throw new GovernanceError('PERMISSION_DENIED', {
    message: 'A service that is bound to some agents cannot import examples, which are of no single agent.',
  })
}

async function insertBatch(ports: FeedbackPorts, actor: Actor, lines: readonly ExampleLine[]): Promise<number> {
  if (lines.length === 0) return 0
  const { clock, ids, journal, database } = ports.context
  const { workspace } = actor
  const by = actorName(actor)
  const at = isoTime(clock.now())
  const common = { agent: null, about: { kind: 'outside', id: 'import' }, origin: 'imported', actor: by } as const
  const examples = lines
    .map((line): Example => {
      return newExample({ ...line, ...common }, { id: ids.next('exm'), at, heldOutShare: ports.heldOutShare })
    })
    // In one order for everybody, so that two imports of the same never wait for each other.
    .sort((first, second) => (first.contentHash < second.contentHash ? -1 : 1))
  return inWorkspace(database, { workspace, retry: true }, async (tx) => {
    const added = await insertExamples(tx, examples)
    if (added > 0) {
      const body = { actor: by, added, duplicates: lines.length - added }
      await journal.append(tx, { kind: 'example.imported', subject: workspace, body })
    }
    return added
  })
}
