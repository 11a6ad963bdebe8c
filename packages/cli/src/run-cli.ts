import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { GovernanceError } from '@preceptor/client'
import type { CliHost, Command, CommandCall, ExitCode } from './command.ts'
import { databaseApply, databasePlan, databaseStatus } from './commands/database.ts'
import { explain } from './commands/explain.ts'
import { journalVerify } from './commands/journal-verify.ts'
import { serve } from './commands/serve.ts'
import { COMMON_FLAGS, commandHelp, programHelp } from './help.ts'

const COMMANDS: readonly Command[] = [serve, databaseStatus, databasePlan, databaseApply, journalVerify, explain]

/**
 * Runs one command line and gives its exit code: 0 done, 1 it failed or what was asked for does not hold, 2 the command
 * line is wrong. Never throws, never asks.
 */
export async function runCli(host: CliHost): Promise<ExitCode> {
  const asJson = host.args.includes('--json')
  try {
    return await dispatch(host)
  } catch (error) {
    const fault = GovernanceError.isInstance(error)
      ? error
      : new GovernanceError('INTERNAL', { message: String(error) })
    const { code, message, hint, details } = fault
    if (asJson) await host.print(JSON.stringify({ error: { code, message, hint, details } }))
    host.note(`${code}: ${message} ${hint}`)
    return code === 'OPTION_INVALID' ? 2 : 1
  }
}

async function dispatch(host: CliHost): Promise<ExitCode> {
  const [first, second] = host.args
  const command = COMMANDS.find(({ name }) => name === first || name === `${first} ${second}`)
  if (command === undefined) return withoutCommand(host)
  const { values, positionals } = readFlags(command, host.args.slice(command.name.split(' ').length))
  if (values.help === true) {
    await host.print(commandHelp(command))
    return 0
  }
  if (positionals.length !== command.words.length) {
    const wanted = command.words.length === 0 ? 'takes no arguments' : `takes ${command.words.join(' ')}`
    throw usage(`preceptor ${command.name} ${wanted}.`, command.name)
  }
  const print: CommandCall['print'] = ({ text, json }) =>
    host.print(values.json === true ? JSON.stringify(json, null, 2) : text)
  return command.run({ host, words: positionals, flags: values, print })
}

async function withoutCommand(host: CliHost): Promise<ExitCode> {
  const [first] = host.args
  if (first === '--version') {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    await host.print(String(version))
    return 0
  }
  if (first === '--help' || first === '-h') {
    await host.print(programHelp(COMMANDS))
    return 0
  }
  if (first === undefined) throw usage('A command is missing.')
  const group = COMMANDS.filter(({ name }) => name.startsWith(`${first} `))
  if (group.length > 0 && host.args.includes('--help')) {
    await host.print(programHelp(group))
    return 0
  }
  throw usage(`There is no command ${JSON.stringify(host.args.slice(0, 2).join(' '))}.`)
}

function readFlags(command: Command, args: readonly string[]): FlagValues {
  const flags = Object.entries({ ...command.flags, ...COMMON_FLAGS })
  const options = Object.fromEntries(
    flags.map(([name, { value }]) => [name, { type: value === undefined ? 'boolean' : 'string' } as const]),
  )
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error), command.name)
  }
}

interface FlagValues {
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  readonly positionals: readonly string[]
}

function usage(message: string, command?: string): GovernanceError {
  const hint = `See preceptor ${command === undefined ? '' : `${command} `}--help.`
  return new GovernanceError('OPTION_INVALID', { message, hint })
}
