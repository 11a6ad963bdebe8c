import { startRedis } from '@preceptor/test-setup'

/** The Redis of the run, which is killed and comes back at its port. */
export interface FaultyRedis {
  readonly url: string
  /** Kills it, and brings it back empty after some milliseconds; 400 unless given. */
  kill(downMs?: number): Promise<void>
  stop(): Promise<void>
}

const BACK_AFTER_MS = 400

/** Starts a Redis of the run's own; undefined when there is none on this machine. */
export async function startFaultyRedis(): Promise<FaultyRedis | undefined> {
  let server: Awaited<ReturnType<typeof startRedis>>
  try {
    server = await startRedis({ install: false })
  } catch {
    return undefined
  }
  const { url } = server
  const port = Number(new URL(url).port)
  let returning: Promise<void> = Promise.resolve()
  const comeBack = async (downMs: number): Promise<void> => {
    await server.kill()
    await new Promise((resolve) => setTimeout(resolve, downMs))
    server = await startRedis({ install: false, port })
  }
  return {
    url,
    kill(downMs = BACK_AFTER_MS) {
      returning = returning.then(() => comeBack(downMs))
      return returning
    },
    async stop() {
      await returning.catch(() => undefined)
      await server.stop()
    },
  }
}
