import { type FileHandle, open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { GovernanceError } from '@preceptor/client'
import type { CheckpointLine, CheckpointStore } from './checkpoint-store.ts'

const CHUNK = 65_536
const NEWLINE = 0x0a

/**
 * Keeps checkpoints in a file, one line each, readable by its owner only, synced to the disk before a line counts. Put it
 * on another disk or machine than the database, best where files can only grow (`chattr +a`).
 *
 * @example
 * ```ts
 * import { createFileCheckpoints, createGovernor, type EmbeddedGovernor } from '@preceptor/core'
 *
 * export const open = (key: string): Promise<EmbeddedGovernor> =>
 *   createGovernor({ checkpoints: { key, store: createFileCheckpoints('/var/lib/audit/checkpoints.jsonl') } })
 * ```
 */
export function createFileCheckpoints(path: string): CheckpointStore {
  const file = resolve(path)
  // Where the last known line ends: what was read once is not read again to find a place.
  let known: FilePlace = { number: 0, offset: 0 }

  async function* read(after: number): AsyncGenerator<string, void, undefined> {
    const handle = await openExisting(file)
    if (handle === undefined) return
    try {
      const isKnown = after >= known.number && known.offset <= (await handle.stat()).size
      let place = isKnown ? known : START
      for await (const { line, end } of linesOf(handle, place.offset)) {
        place = { number: place.number + 1, offset: end }
        if (place.number > after) yield line
      }
      known = place
    } finally {
      await handle.close()
    }
  }

  return {
    read,
    async append({ number, line }: CheckpointLine) {
      for await (const _ of read(number - 1)) throw taken(number)
      if (known.number !== number - 1) throw taken(number)
      const handle = await open(file, 'a', 0o600)
      try {
        // What stands after the last line break was never finished.
        if ((await handle.stat()).size > known.offset) await handle.truncate(known.offset)
        await handle.appendFile(`${line}\n`)
        await handle.sync()
      } finally {
        await handle.close()
      }
    },
  }
}

interface FilePlace {
  readonly number: number
  readonly offset: number
}

const START: FilePlace = { number: 0, offset: 0 }

async function openExisting(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** The finished lines of a file from an offset on, each with the offset after it. */
async function* linesOf(
  handle: FileHandle,
  from: number,
): AsyncGenerator<{ readonly line: string; readonly end: number }, void, undefined> {
  const chunk = Buffer.alloc(CHUNK)
  let rest = Buffer.alloc(0)
  let offset = from
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK, offset + rest.length)
    if (bytesRead === 0) return
    let bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)])
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE)) {
      offset += at + 1
      yield { line: bytes.toString('utf8', 0, at), end: offset }
      bytes = bytes.subarray(at + 1)
    }
    rest = Buffer.from(bytes)
  }
}

function taken(number: number): GovernanceError {
  return new GovernanceError('CONFLICT', { message: `The file of checkpoints has no place ${number} at its end.` })
}
