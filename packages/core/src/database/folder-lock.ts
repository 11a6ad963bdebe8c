import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { GovernanceError } from '@preceptor/client'
import { ownIdentity, type ProcessIdentity, processState } from './process-identity.ts'

/** The exclusive right to a data folder, until it is released or the process ends. */
export interface FolderLock {
  readonly folder: string
  /** Records where this process can be reached, for the message that another process gets. */
  announce(address: string): void
  release(): void
}

interface Claim extends ProcessIdentity {
  /** A claim first contends, then holds. */
  readonly held: boolean
  readonly address?: string
}

interface OtherClaim {
  readonly name: string
  /** Undefined when the file cannot be understood. */
  readonly claim: Claim | undefined
}

const CLAIM = /^lock-[\w-]+\.json$/
const HEARTBEAT_MS = 5_000
const STALE_AFTER_MS = 30_000
const CONTEND_WITHIN_MS = 3_000
const CONTEND_EVERY_MS = 20
let claims = 0

/**
 * Takes the lock of a data folder, which is created if missing, for this process.
 *
 * Every contender writes a claim file of its own and then looks for others: of two that come at the same time at least
 * one sees the other. Claims have unique names and only claims of dead processes are removed, so nobody can remove a
 * living one by mistake.
 *
 * @throws GovernanceError `DATA_FOLDER_LOCKED` naming the holder, `DATA_FOLDER_UNUSABLE`.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = resolve(folder)
  try {
    createFolder(path)
    closeToOthers(path)
    return await contend(path)
  } catch (error) {
    if (GovernanceError.isInstance(error)) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new GovernanceError('DATA_FOLDER_UNUSABLE', {
      message: `The data folder ${path} cannot be used: ${reason}.`,
      cause: error,
    })
  }
}

/** Step by step, because the recursive form of Node never returns where a folder cannot be made, such as in `/proc`. */
function createFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return
  if (dirname(path) !== path) createFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process made it meanwhile.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error
  }
}

/** A data folder that was made more open is closed; a folder of other things, named by mistake, keeps its mode. */
function closeToOthers(path: string): void {
  const entries = readdirSync(path)
  const ours = entries.length === 0 || entries.some((entry) => entry === 'database' || CLAIM.test(entry))
  if (ours && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o700)
}

async function contend(folder: string): Promise<FolderLock> {
  const own = ownIdentity()
  claims += 1
  const scope = Buffer.from(`${own.host} ${own.scope}`).toString('base64url').slice(-16)
  const name = `lock-${String(own.pid).padStart(8, '0')}-${own.started.replace(/\W/g, '')}-${scope}-${claims}.json`
  const rounds = CONTEND_WITHIN_MS / CONTEND_EVERY_MS
  try {
    for (let round = 0; round < rounds; round += 1) {
      const before = othersIn(folder, { name, own })
      const holder = before.find(({ claim }) => claim?.held === true)
      if (holder !== undefined) throw locked(folder, holder.claim, own)
      // Of several contenders only the first by name keeps its claim; the others step back and look again.
      if (before.every((other) => name < other.name)) {
        writeClaim(folder, name, { ...own, held: false })
        if (othersIn(folder, { name, own }).length === 0) return holdLock(folder, name, own)
      } else removeClaim(folder, name)
      await sleep(CONTEND_EVERY_MS)
    }
  } catch (error) {
    removeClaim(folder, name)
    throw error
  }
  removeClaim(folder, name)
  const [other] = othersIn(folder, { name, own })
  throw locked(folder, other?.claim, own)
}

function holdLock(folder: string, name: string, own: ProcessIdentity): FolderLock {
  let claim: Claim = { ...own, held: true }
  writeClaim(folder, name, claim)
  const beat = setInterval(() => {
    try {
      writeClaim(folder, name, claim)
    } catch {
      // The folder is gone or read-only; the database itself reports that.
    }
  }, HEARTBEAT_MS)
  beat.unref()
  const release = (): void => {
    clearInterval(beat)
    process.off('exit', release)
    removeClaim(folder, name)
  }
  process.on('exit', release)
  return {
    folder,
    announce(address) {
      claim = { ...claim, address }
      writeClaim(folder, name, claim)
    },
    release,
  }
}

function writeClaim(folder: string, name: string, claim: Claim): void {
  const draft = join(folder, `${name}.draft`)
  writeFileSync(draft, JSON.stringify(claim), { mode: 0o600 })
  renameSync(draft, join(folder, name))
}

function removeClaim(folder: string, name: string): void {
  try {
    rmSync(join(folder, name), { force: true })
  } catch {
    // A claim that cannot be removed counts as dead when this process has ended.
  }
}

/** Claims of living processes beside our own; those of dead ones are removed. */
function othersIn(
  folder: string,
  { name, own }: { readonly name: string; readonly own: ProcessIdentity },
): OtherClaim[] {
  const others: OtherClaim[] = []
  for (const file of readdirSync(folder)) {
    if (!CLAIM.test(file) || file === name) continue
    const claim = readClaim(folder, file)
    if (claim === 'gone') continue
    const state = claim === undefined ? 'unknown' : processState(claim, own)
    // A process on another machine, or in another container, cannot be asked: its heartbeat speaks for it.
    if (state === 'running' || (state === 'unknown' && beats(folder, file))) others.push({ name: file, claim })
    else removeClaim(folder, file)
  }
  return others
}

/** Both times are those of the file system, whose clock the processes share. */
function beats(folder: string, file: string): boolean {
  const probe = join(folder, `${file}.probe`)
  writeFileSync(probe, '', { mode: 0o600 })
  const now = statSync(probe).mtimeMs
  rmSync(probe, { force: true })
  const written = statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs
  return written !== undefined && now - written < STALE_AFTER_MS
}

function readClaim(folder: string, file: string): Claim | undefined | 'gone' {
  let text: string
  try {
    text = readFileSync(join(folder, file), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'gone'
    throw error
  }
  try {
    const value: unknown = JSON.parse(text)
    return isClaim(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isClaim(value: unknown): value is Claim {
  if (typeof value !== 'object' || value === null) return false
  const texts = ['started', 'scope', 'host'].every((key) => typeof Reflect.get(value, key) === 'string')
  return texts && typeof Reflect.get(value, 'pid') === 'number' && typeof Reflect.get(value, 'held') === 'boolean'
}

function locked(folder: string, holder: Claim | undefined, own: ProcessIdentity): GovernanceError {
  const where = holder?.address === undefined ? '' : `, reachable at ${holder.address}`
  return new GovernanceError('DATA_FOLDER_LOCKED', {
    message: `The data folder ${folder} is open in ${nameOf(holder, own)}${where}.`,
    details: { folder, pid: holder?.pid ?? null, address: holder?.address ?? null },
  })
}

function nameOf(holder: Claim | undefined, own: ProcessIdentity): string {
  if (holder === undefined) return 'another process'
  if (holder.pid === own.pid && holder.scope === own.scope) return `this process already (pid ${holder.pid})`
  return `the process with pid ${holder.pid}${holder.host === own.host ? '' : ` on ${holder.host}`}`
}
