import type { CliHost } from './command.ts'
import { runCli } from './run-cli.ts'

/** What became of a command line. */
export interface Result {
  readonly code: number
  readonly printed: string
  readonly noted: string
}

/** What a command line is run in, beside its environment. */
export interface RunOptions extends Partial<Pick<CliHost, 'env' | 'ended' | 'openKeyboard'>> {
  /** Told of each text as it is printed. */
  readonly onPrint?: (text: string) => void
}

/** Runs a command line in this process. */
export async function runLine(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  const { env = {}, ended = new AbortController().signal, openKeyboard, onPrint } = options
  const [printed, noted]: [string[], string[]] = [[], []]
  const code = await runCli({
    args,
    env,
    print: async (text) => {
      printed.push(text)
      onPrint?.(text)
    },
    note: (text) => void noted.push(text),
    ended,
    ...(openKeyboard === undefined ? {} : { openKeyboard }),
  })
  return { code, printed: printed.join('\n'), noted: noted.join('\n') }
}
