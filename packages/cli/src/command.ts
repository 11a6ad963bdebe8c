import type { GovernanceError } from '@preceptor/client'

/** What a command line runs in; the process gives it, a host may give its own. */
export interface CliHost {
  /** Arguments after the name of the program. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Resolves when the text has left the process. */
  readonly print: (text: string) => Promise<void>
  /** What is no result: progress, warnings, errors. */
  readonly note: (text: string) => void
  /** Aborted when a command that keeps running must end. */
  readonly ended: AbortSignal
}

/** A flag of a command. */
export interface Flag {
  /** Name of its value for the help, such as `<folder>`; without one it is a switch. */
  readonly value?: string
  readonly summary: string
}

/** What a command is run with. */
export interface CommandCall {
  readonly host: CliHost
  /** Arguments that are no flags. */
  readonly words: readonly string[]
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
  /** Prints the result: JSON where `--json` is given, else the text. */
  readonly print: (result: { readonly text: string; readonly json: unknown }) => Promise<void>
}

/** One command. */
export interface Command {
  /** One or two words, such as `db status`. */
  readonly name: string
  /** What stands after the name, such as `CODE`. */
  readonly words: readonly string[]
  readonly summary: string
  readonly flags: Readonly<Record<string, Flag>>
  /** Gives the exit code. Throws a {@link GovernanceError} for what went wrong. */
  readonly run: (call: CommandCall) => Promise<ExitCode>
}

/** 0: done. 1: it failed, or what was asked for does not hold. 2: the command line is wrong. */
export type ExitCode = 0 | 1 | 2
