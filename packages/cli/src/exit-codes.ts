import type { ExitCode } from './command.ts'

/** What the exit codes of every command mean: scripts go by them, and they stay what they are. */
export const EXIT_CODES: Readonly<Record<ExitCode, string>> = {
  0: 'done',
  1: 'it failed, or what was asked for does not hold',
  2: 'the command line is wrong, or a yes is missing that nobody is there to be asked for',
  3: 'a policy would let something run that the one before would not have',
}
