import { type Command, type CommandCall, textOf } from '../command.ts'
import { SERVER_FLAGS } from '../connect.ts'
import { channelChecks } from '../doctor/channel-checks.ts'
import type { Check } from '../doctor/check.ts'
import { databaseChecks } from '../doctor/database-checks.ts'
import { describeFindings, findingOf, type NamedFinding } from '../doctor/describe-findings.ts'
import { localChecks } from '../doctor/local-checks.ts'
import { outsideChecks } from '../doctor/outside-checks.ts'
import { serverChecks } from '../doctor/server-checks.ts'
import { workChecks } from '../doctor/work-checks.ts'
import { DATA_FOLDER } from '../place.ts'
import { usage } from '../read-flags.ts'

/** `preceptor doctor`: what is wrong with this installation, and with the server that it talks to. */
export const doctor: Command = {
  name: 'doctor',
  words: [],
  summary: 'Check this installation, the server that it talks to and what that enforces; exits 1 when a check fails',
  flags: {
    ...SERVER_FLAGS,
    send: { summary: 'also send one test each by Slack, to every address of e-mail and to every webhook' },
    to: { value: '<users>', summary: 'with --send: mail only to these users, with commas between' },
  },
  async run(call) {
    if (textOf(call, 'to') !== undefined && call.flags.send !== true) {
      throw usage('Option --to is for --send.', doctor)
    }
    const found: NamedFinding[] = []
    for (const check of checksOf(call)) found.push(await findingOf(check))
    const isWell = found.every(({ state }) => state !== 'failed')
    await call.print({ text: describeFindings(found), json: { ok: isWell, checks: found } })
    return isWell ? 0 : 1
  },
}

function checksOf(call: CommandCall): readonly Check[] {
  const dataFolder = textOf(call, 'data-folder') ?? DATA_FOLDER
  const surroundings = { folder: process.cwd(), dataFolder, nodeVersion: process.versions.node }
  const { env } = call.host
  return [
    ...localChecks(surroundings),
    ...databaseChecks(env),
    ...workChecks(env),
    ...outsideChecks(env),
    ...channelChecks(call),
    ...serverChecks(call),
  ]
}
