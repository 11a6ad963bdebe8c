import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The product as `preceptor serve` runs it, in a process of its own. */
export interface LoadedServer {
  /** Such as `http://127.0.0.1:4600`. */
  readonly address: string
  /** Credential of its administrator. */
  readonly key: string
  /** Memory that the process holds now, in megabytes. */
  memory(): number
  close(): Promise<void>
}

const BIN = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))
const BUILT_BIN = fileURLToPath(new URL('../../../packages/cli/dist/bin.js', import.meta.url))
const START_WITHIN_MS = 60_000
// What the load is about is not the limit of one caller; the one for guessing stays.
const LIMITS = 'principal=1000000/10,agent=1000000/10,workspace=1000000/10'

/** Starts it on a database that is there, or on an embedded one. */
export async function startServer(databaseUrl: string | undefined): Promise<LoadedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-load-'))
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    NO_COLOR: '1',
    PRECEPTOR_RATE_LIMITS: LIMITS,
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  }
  const run = (args: readonly string[]) =>
    spawn(process.execPath, [import.meta.url.endsWith('.ts') ? BIN : BUILT_BIN, ...args], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  if (databaseUrl !== undefined)
    await once(
      run(['db', 'apply']).on('error', () => undefined),
      'close',
    )
  const child = run(['serve', '--port', '0', '--new-key'])
  const closed = once(child, 'close')
  let printed = ''
  const ready = new Promise<{ address: string; key: string }>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      const address = /^API\s+(http:\S+)\/api$/m.exec(printed)?.[1]
      const key = /pcp_[\w-]+/.exec(printed)?.[0]
      if (address !== undefined && key !== undefined) resolve({ address, key })
    })
    void closed.then(() => reject(new Error(`The server ended:\n${printed}`)))
    setTimeout(() => reject(new Error('The server did not start.')), START_WITHIN_MS).unref()
  })
  const close = async (): Promise<void> => {
    child.kill('SIGTERM')
    await closed
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    return { ...(await ready), memory: () => residentMegabytes(child.pid ?? 0), close }
  } catch (error) {
    await close()
    throw error
  }
}

function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1_024
}
