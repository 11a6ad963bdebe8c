import { GovernanceError, type JsonObject, type PolicyVersion } from '@preceptor/client'
import type { PolicyChange } from '@preceptor/core'
import { ask } from '../ask.ts'
import { type Command, type CommandCall, type ExitCode, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { describeChanges, loosens } from '../policy/describe-changes.ts'
import { wholeNumber } from './paging.ts'

const NAME = 'policy apply'

/** `preceptor policy apply`: a file put in force, over the version that was seen and no other. */
export const policyApply: Command = {
  name: NAME,
  words: ['FILE'],
  summary: 'Put a policy file in force, over the version that was seen; one that may loosen needs --allow-looser',
  flags: {
    ...CONNECTION_FLAGS,
    reason: { value: '<text>', summary: 'why; it is kept with the version', required: true },
    'based-on': { value: '<version>', summary: 'the version that was seen; another one in force is a conflict' },
    'allow-looser': { summary: 'also what may let something run that does not now' },
    yes: { summary: 'ask nothing' },
  },
  async run(call) {
    const [file = ''] = call.words
    const based = textOf(call, 'based-on')
    const seen = based === undefined ? undefined : wholeNumber('based-on', based, { from: 0, to: 2_147_483_647 })
    const { policyOf } = await import('../policy/read-policy-file.ts')
    const { changesFrom } = await import('../policy/changes-from.ts')
    const document = await policyOf(file)
    const { scope } = await connect(call)
    const current = await scope.policies.current()
    if (seen !== undefined && seen !== current.version) throw otherVersion(current, seen)
    const changes = changesFrom(current.document, document)
    if (changes.length === 0) return print(call, { applied: false, version: current.version, changes })
    if (call.flags.json !== true) call.host.note(`against version ${current.version}`)
    if (!(await isAgreed(call, changes))) return refuse(call, current, changes)
    const reason = textOf(call, 'reason') ?? ''
    const put = await scope.policies.put(plain(document), { basedOn: current.version, reason })
    return print(call, { applied: true, version: put.version, changes })
  },
}

async function isAgreed(call: CommandCall, changes: readonly PolicyChange[]): Promise<boolean> {
  const isLooser = loosens(changes)
  if (isLooser && call.flags['allow-looser'] !== true) return false
  if (call.flags.yes === true) return true
  const isAsked = call.flags.json !== true && call.host.openKeyboard !== undefined
  if (isAsked) await call.host.print(describeChanges(changes))
  const answer = isLooser ? 'looser' : 'yes'
  const text = isLooser ? 'This lets more run than before.' : 'Put it in force?'
  if (await ask(call, { command: NAME, text, answer, instead: '--yes' })) return true
  throw new GovernanceError('CONFLICT', { message: 'Nothing was put in force: it was not agreed to.' })
}

async function refuse(call: CommandCall, current: PolicyVersion, changes: readonly PolicyChange[]): Promise<ExitCode> {
  const text = `${describeChanges(changes)}\n\nNothing was put in force: this may loosen version ${current.version}. Give --allow-looser.`
  await call.print({ text, json: { applied: false, version: current.version, loosens: true, changes } })
  return 3
}

async function print(
  call: CommandCall,
  { applied, version, changes }: { applied: boolean; version: number; changes: readonly PolicyChange[] },
): Promise<ExitCode> {
  const text = applied
    ? `${describeChanges(changes)}\n\nVersion ${version} is in force.`
    : `Version ${version} says the same; nothing was put in force.`
  await call.print({ text, json: { applied, version, loosens: loosens(changes), changes } })
  return 0
}

function otherVersion({ version }: PolicyVersion, seen: number): GovernanceError {
  return new GovernanceError('CONFLICT', {
    message: `The policy is at version ${version}, not ${seen}.`,
    hint: 'Look at "preceptor policy diff", and apply the change to the present version.',
    details: { version },
  })
}

function plain(document: object): JsonObject {
  return JSON.parse(JSON.stringify(document)) as JsonObject
}
