import { GovernanceError } from '@preceptor/client'
import { type Command, type CommandCall, textOf } from '../command.ts'
import { CONNECTION_FLAGS } from '../connect.ts'
import type { Check, Finding } from '../doctor/check.ts'
import { databaseChecks } from '../doctor/database-checks.ts'
import { localChecks } from '../doctor/local-checks.ts'
import { serverChecks } from '../doctor/server-checks.ts'
import { DATA_FOLDER } from '../place.ts'
import { plain } from '../table.ts'

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: 'ok', warning: '!', failed: 'x', skipped: '-' }

/** `preceptor doctor`: what is wrong with this installation, and with the server that it talks to. */
export const doctor: Command = {
  name: 'doctor',
  words: [],
  summary: 'Check this installation, the server that it talks to and what that enforces; exits 1 when a check fails',
  flags: CONNECTION_FLAGS,
  async run(call) {
    const found: NamedFinding[] = []
    for (const check of checksOf(call)) found.push({ name: check.name, ...(await findingOf(check)) })
    const isWell = found.every(({ state }) => state !== 'failed')
    await call.print({ text: describe(found), json: { ok: isWell, checks: found } })
    return isWell ? 0 : 1
  },
}

type NamedFinding = Finding & { readonly name: string }

function checksOf(call: CommandCall): readonly Check[] {
  const dataFolder = textOf(call, 'data-folder') ?? DATA_FOLDER
  const surroundings = { folder: process.cwd(), dataFolder, nodeVersion: process.versions.node }
  return [...localChecks(surroundings), ...databaseChecks(call.host.env), ...serverChecks(call)]
}

async function findingOf({ run }: Check): Promise<Finding> {
  try {
    return await run()
  } catch (error) {
    if (!GovernanceError.isInstance(error)) throw error
    return { state: 'failed', message: error.message, advice: error.hint, code: error.code }
  }
}

function describe(found: readonly NamedFinding[]): string {
  const width = Math.max(...found.map(({ name }) => name.length)) + 2
  return found
    .flatMap(({ name, state, message, advice, code }) => {
      const rest = advice === undefined ? [] : [`${' '.repeat(width + 4)}${advice}${code ? ` (${code})` : ''}`]
      return [`${MARKS[state].padEnd(4)}${name.padEnd(width)}${message}`, ...rest]
    })
    .map(plain)
    .join('\n')
}
