import { constants } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { GovernanceError } from '@preceptor/client'
import { replaceFile } from './replace-file.ts'

const MOST_BYTES = 65_536

/** How other commands reach a development server: where it answers, and a key of it. */
export interface DevServer {
  readonly url: string
  readonly token: string
  readonly pid: number
}

/** Where `preceptor dev` says how it is reached. */
export function devFileOf(folder: string): string {
  return join(resolve(folder), 'dev.json')
}

/** Writes the file, readable by its owner only, as a whole. */
export async function writeDevFile(path: string, server: DevServer): Promise<void> {
  await replaceFile(path, `${JSON.stringify(server, null, 2)}\n`, 0o600)
}

/** Removes the file, unless it is by now that of another server. */
export async function removeDevFile(path: string, { token }: DevServer): Promise<void> {
  const present = await readDevFile(path).catch(() => undefined)
  if (present === undefined || present.token === token) await rm(path, { force: true })
}

/**
 * Reads the file; undefined when there is none, or the server that wrote it is gone.
 *
 * @throws GovernanceError `DEV_FILE_UNSAFE` for a file that is not this user's alone: whoever can write it would be sent
 * what is meant for the server, and whoever can read it holds its key.
 */
export async function readDevFile(path: string): Promise<DevServer | undefined> {
  const text = await readPrivate(path)
  if (text === undefined) return undefined
  const server = parse(text)
  if (server === undefined) throw unsafe(path, 'it is not what "preceptor dev" writes')
  return isAlive(server.pid) ? server : undefined
}

async function readPrivate(path: string): Promise<string | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined
      throw unsafe(path, cause.code === 'ELOOP' ? 'it is a link' : `it cannot be read (${cause.code})`)
    },
  )
  if (file === undefined) return undefined
  try {
    // Of the file that is open, not of whatever the path names a moment later.
    const { uid, mode, size } = await file.stat()
    if ((mode & constants.S_IFMT) !== constants.S_IFREG || size > MOST_BYTES) throw unsafe(path, 'it is no such file')
    // On Windows the folder of the user is what protects it.
    if (process.getuid !== undefined && uid !== process.getuid()) throw unsafe(path, 'it belongs to somebody else')
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw unsafe(path, 'others can read or write it')
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

function parse(text: string): DevServer | undefined {
  try {
    const { url, token, pid } = JSON.parse(text)
    const isServer = typeof url === 'string' && typeof token === 'string' && Number.isSafeInteger(pid) && pid > 0
    return isServer ? { url, token, pid } : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Of a process of somebody else one learns that it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function unsafe(path: string, why: string): GovernanceError {
  return new GovernanceError('DEV_FILE_UNSAFE', { message: `${path} is not used: ${why}.` })
}
