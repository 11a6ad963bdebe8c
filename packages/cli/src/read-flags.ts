import { parseArgs } from 'node:util'
import { GovernanceError } from '@preceptor/client'
import type { Command, Flag } from './command.ts'
import { COMMON_FLAGS } from './help.ts'
import { findSimilar } from './similar.ts'

/** What stands on a command line after the name of the command. */
export interface CommandLine {
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
  readonly words: readonly string[]
}

/**
 * Reads the flags and words of a command, and refuses what the command does not take.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export function readFlags(command: Command, args: readonly string[]): CommandLine {
  const known = { ...command.flags, ...COMMON_FLAGS }
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { value }]) => [
      name,
      { type: value === undefined ? 'boolean' : 'string' } as const,
    ]),
  )
  assertKnown(command, args, known)
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    if (values.help !== true) assertValues(command, values, known)
    return { flags: values, words: positionals }
  } catch (error) {
    throw GovernanceError.isInstance(error)
      ? error
      : usage(error instanceof Error ? error.message : String(error), command)
  }
}

/** What is wrong with a command line, and where its help is. */
export function usage(message: string, command?: Pick<Command, 'name'>, suggestion?: string): GovernanceError {
  const guess = suggestion === undefined ? '' : `Did you mean ${suggestion}? `
  const hint = `${guess}See preceptor ${command === undefined ? '' : `${command.name} `}--help.`
  return new GovernanceError('OPTION_INVALID', { message, hint })
}

function assertKnown(command: Command, args: readonly string[], known: Readonly<Record<string, Flag>>): void {
  const end = args.indexOf('--')
  for (const argument of end < 0 ? args : args.slice(0, end)) {
    const name = /^--([^=]+)/.exec(argument)?.[1]
    if (name === undefined || Object.hasOwn(known, name)) continue
    const similar = findSimilar(name, Object.keys(known))
    throw usage(
      `There is no option --${name.slice(0, 60)}.`,
      command,
      similar === undefined ? undefined : `--${similar}`,
    )
  }
}

function assertValues(command: Command, values: CommandLine['flags'], known: Readonly<Record<string, Flag>>): void {
  for (const [name, { required, choices }] of Object.entries(known)) {
    const value = values[name]
    if (value === undefined && required === true) throw usage(`Option --${name} is missing.`, command)
    if (choices === undefined || typeof value !== 'string' || choices.includes(value)) continue
    const similar = findSimilar(value, choices)
    throw usage(`Option --${name}: it is one of ${choices.join(', ')}.`, command, similar)
  }
}
