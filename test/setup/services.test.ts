import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { describeWithPostgres, describeWithRedis } from './groups.ts'
import { startRedis } from './services.mjs'

const run = promisify(execFile)
const services = join(dirname(fileURLToPath(import.meta.url)), 'services.mjs')

function accepts(url: string): Promise<boolean> {
  const { port, hostname } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** Starts a server in a process of its own, which then ends in the given way; answers address and pid. */
async function startAndEnd(start: string, end: string): Promise<{ url: string; pid: number }> {
  const script = `import { ${start} } from ${JSON.stringify(services)}
    const server = await ${start}()
    process.stdout.write(JSON.stringify({ url: server.url, pid: server.pid }))
    ${end}`
  const result = await run(process.execPath, ['--input-type=module', '-e', script]).catch((error) => error)
  return JSON.parse(result.stdout)
}

async function waitUntilGone(pid: number): Promise<void> {
  await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 10_000 }).toBe(false)
}

describeWithRedis('a redis of its own', () => {
  it('comes back on its port after it was killed [CMD-6]', async () => {
    const first = await startRedis()
    expect(await accepts(first.url)).toBe(true)
    await first.kill()
    expect(await accepts(first.url)).toBe(false)
    const second = await startRedis({ port: Number(new URL(first.url).port) })
    expect(second.url).toBe(first.url)
    expect(await accepts(second.url)).toBe(true)
    await second.stop()
  })

  it.each(['process.exit(1)', 'throw new Error("x")'])('does not outlive a process that ends by %s', async (end) => {
    const { url, pid } = await startAndEnd('startRedis', end)
    await waitUntilGone(pid)
    expect(await accepts(url)).toBe(false)
  })
})

describeWithPostgres('a postgres of its own', () => {
  it('does not outlive the process that started it', async () => {
    const { url, pid } = await startAndEnd('startPostgres', 'process.exit(1)')
    await waitUntilGone(pid)
    expect(await accepts(url)).toBe(false)
  })
})
