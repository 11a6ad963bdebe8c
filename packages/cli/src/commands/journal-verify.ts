import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { describeVerification } from './describe-verification.ts'

/** `preceptor journal verify`: the server computes the chain again. */
export const journalVerify: Command = {
  name: 'journal verify',
  words: [],
  summary: 'Let the server compute the chain of the journal again and compare; exits 1 when it does not verify',
  flags: CONNECTION_FLAGS,
  async run(call) {
    const { scope } = await connect(call)
    const found = await scope.journal.verify()
    const text = describeVerification(scope.workspace, found)
    await call.print({ text, json: found.ok ? found : { ...found, code: 'JOURNAL_BROKEN' } })
    return found.ok ? 0 : 1
  },
}
