import type { JournalVerification } from '@preceptor/client'
import { checkpointsOf } from '../checkpoints-of.ts'
import { type Command, type CommandCall, type ExitCode, textOf } from '../command.ts'
import { PLACE_FLAGS, placeOf } from '../place.ts'
import { describeVerification } from './describe-verification.ts'
import { printVerification } from './journal-verify.ts'

/** `preceptor db verify`: computes the chain again, whoever serves the database. */
export const databaseVerify: Command = {
  name: 'db verify',
  words: [],
  summary: 'Verify the journal in the database itself, without a server; exits 1 when it does not verify',
  flags: {
    ...PLACE_FLAGS,
    workspace: { value: '<name>', summary: 'the workspace whose journal it is; default default' },
    all: { summary: 'every journal that the database or the checkpoints know of' },
  },
  async run(call) {
    const checkpoints = await checkpointsOf(call.host.env)
    const { verifyStoredJournal, verifyStoredJournals } = await import('@preceptor/core')
    if (call.flags.all === true) return printAll(call, await verifyStoredJournals(placeOf(call), { checkpoints }))
    const name = textOf(call, 'workspace') ?? 'default'
    const found = await verifyStoredJournal(placeOf(call), name, { checkpoints })
    return printVerification(call, name, found)
  },
}

async function printAll(call: CommandCall, all: ReadonlyMap<string, JournalVerification>): Promise<ExitCode> {
  const found = [...all]
  const ok = found.every(([, one]) => one.ok)
  const text = found.map(([workspace, one]) => describeVerification(workspace, one)).join('\n')
  const journals = found.map(([workspace, one]) => ({
    workspace,
    ...one,
    ...(one.ok ? {} : { code: 'JOURNAL_BROKEN' }),
  }))
  await call.print({ text: text === '' ? 'there is no journal yet' : text, json: { ok, journals } })
  return ok ? 0 : 1
}
