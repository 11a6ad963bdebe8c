import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** What tells one process from every other, also after its pid was given to another one. */
export interface ProcessIdentity {
  readonly pid: number
  /** When the process started, as the system writes it; empty where it does not say. */
  readonly started: string
  /** Pids are comparable only within one of these: a boot of a machine and its pid namespace. */
  readonly scope: string
  readonly host: string
}

function readOr(read: () => string): string {
  try {
    return read().trim()
  } catch {
    return ''
  }
}

/** Start time of a process; empty when it does not run or the system does not tell. */
function startOf(pid: number): string {
  if (process.platform === 'linux') {
    // Field 22; the name in parentheses may contain anything.
    return readOr(() => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ')[19] ?? '')
  }
  if (process.platform === 'win32') return ''
  return readOr(() => execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: 2_000 }))
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  const boot = readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))
  const namespace = readOr(() => readlinkSync('/proc/self/ns/pid'))
  return { pid: process.pid, started: startOf(process.pid), scope: `${boot} ${namespace}`, host: hostname() }
}

/** Whether a process runs; `unknown` when it lives where this process cannot look. */
export function processState(other: ProcessIdentity, own: ProcessIdentity): 'running' | 'gone' | 'unknown' {
  if (other.scope !== own.scope || other.host !== own.host) return 'unknown'
  try {
    process.kill(other.pid, 0)
  } catch (error) {
    // EPERM: it runs and belongs to another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return 'gone'
  }
  return startOf(other.pid) === other.started ? 'running' : 'gone'
}
