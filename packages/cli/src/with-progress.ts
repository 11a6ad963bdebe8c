import type { CommandCall } from './command.ts'

const BEAT_MS = 200

/** Does work, and says for how long it goes on where somebody watches. */
export async function withProgress<Result>(
  { host: { progress } }: Pick<CommandCall, 'host'>,
  label: string,
  work: () => Promise<Result>,
): Promise<Result> {
  if (progress === undefined) return work()
  const started = performance.now()
  const beat = setInterval(() => progress(`${label} ${Math.floor((performance.now() - started) / 1_000)} s`), BEAT_MS)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    progress(null)
  }
}
