import type { Command } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { describeChanges, loosens } from '../policy/describe-changes.ts'

/** `preceptor policy diff`: a file against what is in force. */
export const policyDiff: Command = {
  name: 'policy diff',
  words: ['FILE'],
  summary:
    'Compare a policy file with what is in force, and say which way each change goes; exits 3 where one may loosen',
  flags: CONNECTION_FLAGS,
  async run(call) {
    const [file = ''] = call.words
    const { policyOf } = await import('../policy/read-policy-file.ts')
    const { changesFrom } = await import('../policy/changes-from.ts')
    const document = await policyOf(file)
    const { scope } = await connect(call)
    const current = await scope.policies.current()
    const changes = changesFrom(current.document, document)
    const isLooser = loosens(changes)
    const text = `${file}, against version ${current.version}\n\n${describeChanges(changes)}`
    await call.print({ text, json: { file, version: current.version, loosens: isLooser, changes } })
    return isLooser ? 3 : 0
  },
}
