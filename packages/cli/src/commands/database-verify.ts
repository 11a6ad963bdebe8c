import type { Command } from '../command.ts'
import { PLACE_FLAGS, placeOf } from '../place.ts'
import { describeVerification } from './describe-verification.ts'

/** `preceptor db verify`: computes the chain again, whoever serves the database. */
export const databaseVerify: Command = {
  name: 'db verify',
  words: [],
  summary: 'Verify the journal in the database itself, without a server; exits 1 when it does not verify',
  flags: {
    ...PLACE_FLAGS,
    workspace: { value: '<name>', summary: 'the workspace whose journal it is; default default' },
  },
  async run(call) {
    const { workspace } = call.flags
    const name = typeof workspace === 'string' ? workspace : 'default'
    const { verifyStoredJournal } = await import('@preceptor/core')
    const found = await verifyStoredJournal(placeOf(call), name)
    const text = describeVerification(name, found)
    await call.print({ text, json: found.ok ? found : { ...found, code: 'JOURNAL_BROKEN' } })
    return found.ok ? 0 : 1
  },
}
