import { GovernanceError, type Playbook, type PlaybookVersion, type PlaybookWriting } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { parseWriting } from './parse-writing.ts'
import { countVersion, holdPlaybook, insertPlaybook } from './playbook-store.ts'
import { insertVersion } from './version-store.ts'

/** What writing needs of the context. */
export type PlaybookContext = Pick<GovernorContext, 'clock' | 'ids' | 'journal'>

/**
 * Writes the next version of the playbook of a type of agents, in the transaction of the caller, with its journal row;
 * `by` is the name under which its author stands in records.
 *
 * @throws GovernanceError `CONFLICT` when it is based on another version than the newest, `INPUT_INVALID`.
 */
export async function writeVersion(
  context: PlaybookContext,
  tx: Tx,
  { by, writing }: { readonly by: string; readonly writing: PlaybookWriting },
): Promise<PlaybookVersion> {
  const { agentType, name = null, instructions, examples, note = null, parent, basedOn } = parseWriting(writing)
  const createdAt = isoTime(context.clock.now())
  await insertPlaybook(tx, { id: context.ids.next('pbk'), agentType, createdBy: by, createdAt })
  const playbook = await holdPlaybook(tx, { agentType })
  if (playbook === undefined)
    throw new GovernanceError('INTERNAL', { message: 'A playbook that was made is not there.' })
  assertBasis(playbook, { parent, basedOn })
  const made = {
    playbook: playbook.id,
    version: playbook.latest + 1,
    parent: parent ?? (playbook.latest === 0 ? null : playbook.latest),
    instructions,
    examples,
    note,
    createdBy: by,
    createdAt,
  }
  await insertVersion(tx, made)
  if (!(await countVersion(tx, playbook, name))) throw new GovernanceError('CONFLICT')
  await context.journal.append(tx, {
    kind: 'playbook.versioned',
    subject: playbook.id,
    body: { actor: by, agentType, version: made.version, parent: made.parent, examples: examples.length, note },
  })
  return { ...made, agentType, test: null }
}

function assertBasis(
  { latest }: Pick<Playbook, 'latest'>,
  { parent, basedOn }: { readonly parent: number | undefined; readonly basedOn: number | undefined },
): void {
  if (basedOn !== undefined && basedOn !== latest) {
    throw new GovernanceError('CONFLICT', {
      message: `The playbook is at version ${latest}, not ${basedOn}.`,
      hint: 'Read the newest version and apply the change to it.',
      details: { version: latest },
    })
  }
  if (parent !== undefined && parent > latest) {
    throw new GovernanceError('INPUT_INVALID', {
      message: `playbook.parent: there is no version ${parent}; the newest is ${latest}.`,
    })
  }
}
