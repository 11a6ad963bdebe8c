import { startRedis } from '@preceptor/test-setup'

/** The Redis of the run, which is killed and comes back at its port. */
export interface FaultyRedis {
  readonly url: string
  kill(): Promise<void>
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
  const comeBack = async (): Promise<void> => {
    await server.kill()
    await new Promise((resolve) => setTimeout(resolve, BACK_AFTER_MS))
    server = await startRedis({ install: false, port })
  }
  return {
    url,
    kill() {
      returning = returning.then(comeBack)
      return returning
    },
    async stop() {
      await returning.catch(() => undefined)
      await server.stop()
    },
  }
}
