import { GovernanceError } from '@preceptor/client'
import type { CliHost, Command, CommandCall, ExitCode } from './command.ts'
import { COMMANDS } from './commands.ts'
import { commandHelp, programHelp } from './help.ts'
import { ownVersion } from './own-version.ts'
import { readFlags, usage } from './read-flags.ts'
import { findSimilar } from './similar.ts'
import { plain } from './table.ts'

/**
 * Runs one command line and gives its exit code, which `EXIT_CODES` explains. Never throws, and asks nothing but at a
 * keyboard.
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
    host.note(plain(`${code}: ${message} ${hint}`))
    return code === 'OPTION_INVALID' ? 2 : 1
  }
}

async function dispatch(host: CliHost): Promise<ExitCode> {
  const [first, second] = host.args
  const named = (wanted: string | undefined) => COMMANDS.find(({ name }) => name === wanted)
  const command = named(`${first} ${second}`) ?? named(first)
  if (command === undefined) return withoutCommand(host)
  const { flags, words } = readFlags(command, host.args.slice(command.name.split(' ').length))
  if (flags.help === true) {
    await host.print(commandHelp(command))
    return 0
  }
  if (words.length !== command.words.length && command.takesRest !== true) {
    const wanted = command.words.length === 0 ? 'takes no arguments' : `takes ${command.words.join(' ')}`
    throw usage(`preceptor ${command.name} ${wanted}.`, command)
  }
  const print: CommandCall['print'] = ({ text, json }) =>
    host.print(flags.json === true ? JSON.stringify(json, null, 2) : text)
  const ends: (() => Promise<void>)[] = []
  try {
    const running = command.run({ host, words, flags, print, atEnd: (work) => void ends.push(work) })
    return await (command.endsItself === true ? running : Promise.race([running, interruption(host)]))
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

function interruption({ ended, note }: CliHost): Promise<ExitCode> {
  return new Promise((resolve) => {
    const leave = (): void => {
      note('interrupted')
      resolve(1)
    }
    ended.addEventListener('abort', leave, { once: true })
  })
}

async function withoutCommand(host: CliHost): Promise<ExitCode> {
  const [first] = host.args
  if (first === '--version') {
    await host.print(ownVersion())
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
  throw unknown(host.args, group)
}

function unknown(args: readonly string[], group: readonly Command[]): GovernanceError {
  const words = args.slice(0, 2).filter((word) => !word.startsWith('-'))
  const names = COMMANDS.map(({ name }) => name)
  const similar =
    findSimilar(words.join(' '), names) ??
    findSimilar(words[0] ?? '', [...new Set(names.map((name) => name.split(' ')[0] ?? name))]) ??
    group[0]?.name
  return usage(`There is no command ${JSON.stringify(words.join(' ').slice(0, 60))}.`, undefined, similar)
}
