import { ERROR_CODES } from '@preceptor/client'
import { verifyStoredJournal } from '@preceptor/core'
import type { Command } from '../command.ts'
import { PLACE_FLAGS, placeOf } from '../place.ts'

/** `preceptor journal verify`: computes the chain again. Where a process has the folder open, that process is asked. */
export const journalVerify: Command = {
  name: 'journal verify',
  words: [],
  summary: 'Compute the chain of the journal again and compare; exits 1 when it does not verify',
  flags: {
    ...PLACE_FLAGS,
    workspace: { value: '<name>', summary: 'the workspace whose journal it is; default default' },
  },
  async run(call) {
    const { workspace } = call.flags
    const name = typeof workspace === 'string' ? workspace : 'default'
    const found = await verifyStoredJournal(placeOf(call), name)
    const { ok, checked, unsealed, head, problem } = found
    const rows = `${checked} rows checked, ${unsealed} wait to be sealed`
    const where = problem?.sequence == null ? '' : ` at ${problem.sequence}`
    const text = ok
      ? `Journal    ${name}: verified\n           ${rows}\nHead       ${head.sequence} ${head.hash}`
      : `Journal    ${name}: BROKEN${where}: ${problem?.what}\n           ${rows}\n${ERROR_CODES.JOURNAL_BROKEN.advice}`
    await call.print({ text, json: ok ? found : { ...found, code: 'JOURNAL_BROKEN' } })
    return ok ? 0 : 1
  },
}
