import type { GovernanceError } from '@preceptor/client'
import type { Report } from '@preceptor/core'
import type { RequestLine } from '@preceptor/hono-middleware'
import type { Keyboard } from './keyboard.ts'

/** What a command line runs in; the process gives it, a host may give its own. */
export interface CliHost {
  /** Arguments after the name of the program. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Resolves when the text has left the process. */
  readonly print: (text: string) => Promise<void>
  /** What is no result: progress, warnings, errors. */
  readonly note: (text: string) => void
  /** Writes one line to where notes go, as it is; not there where nothing collects lines. */
  readonly log?: (line: string) => void
  /** Whether somebody reads the notes at a terminal. */
  readonly isTerminal?: boolean
  /** Told of what a governor reports; where it is not there, that is noted. */
  readonly report?: (report: Report) => void
  /** Told of each request that was answered; where it is not there, that is noted. */
  readonly request?: (line: RequestLine) => void
  /** Aborted when a command that keeps running must end. */
  readonly ended: AbortSignal
  /** Opens the keyboard of the person at the terminal; not there where there is none, and then nothing is asked. */
  readonly openKeyboard?: () => Keyboard
  /** Shows how long work goes on, or nothing more of it; not there where nobody watches. */
  readonly progress?: (text: string | null) => void
}

/** A flag of a command. */
export interface Flag {
  /** Name of its value for the help, such as `<folder>`; without one it is a switch. */
  readonly value?: string
  readonly summary: string
  /** The command is wrong without it. */
  readonly required?: true
  /** The only values that it takes. */
  readonly choices?: readonly string[]
}

/** What a command is run with. */
export interface CommandCall {
  readonly host: CliHost
  /** Arguments that are no flags. */
  readonly words: readonly string[]
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
  /** Prints the result: JSON where `--json` is given, else the text. */
  readonly print: (result: { readonly text: string; readonly json: unknown }) => Promise<void>
  /** What is done once the command has ended, however it did; the last first. */
  readonly atEnd: (work: () => Promise<void>) => void
}

/** One command. */
export interface Command {
  /** One or two words, such as `db status`. */
  readonly name: string
  /** What stands after the name, such as `CODE`. */
  readonly words: readonly string[]
  readonly summary: string
  readonly flags: Readonly<Record<string, Flag>>
  /** It also takes what stands after `--`, as it is. */
  readonly takesRest?: true
  /** It runs until it is told to end, and then ends by itself; any other command is just left. */
  readonly endsItself?: true
  /** Gives the exit code. Throws a {@link GovernanceError} for what went wrong. */
  readonly run: (call: CommandCall) => Promise<ExitCode>
}

/** How a command ends; {@link EXIT_CODES} says what each means. */
export type ExitCode = 0 | 1 | 2 | 3

/** The value of a flag; undefined where it is not given. */
export function textOf({ flags }: Pick<CommandCall, 'flags'>, name: string): string | undefined {
  const value = flags[name]
  return typeof value === 'string' ? value : undefined
}

/** Which of some words a flag says; undefined where it is not given. */
export function choiceOf<T extends string>(
  call: Pick<CommandCall, 'flags'>,
  name: string,
  choices: readonly T[],
): T | undefined {
  const value = textOf(call, name)
  return choices.find((choice) => choice === value)
}

/** The parts of a flag whose value is a list with commas; undefined where it is not given. */
export function listOf(call: Pick<CommandCall, 'flags'>, name: string): readonly string[] | undefined {
  const parts = textOf(call, name)?.split(',')
  return parts?.map((part) => part.trim()).filter((part) => part !== '')
}
