import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDER } from './options.ts'

/** One pass of the fleet over its work. */
export interface Round {
  /** Part of every idempotency key: the attempts of a resumed round are the same attempts. */
  readonly id: string
  /** An earlier process began it and did not come to its end. */
  readonly resumed: boolean
  /** Says that it came to its end; the next start begins another one. */
  finish(): void
}

const FILE = join(FOLDER, 'demo-round.json')
const ID = /^[a-z0-9]{12}$/

/** Takes up the round that was interrupted, else begins a new one. */
export function openRound(): Round {
  const left = readLeftRound()
  const id = left ?? randomBytes(6).toString('hex')
  if (left === undefined) {
    mkdirSync(FOLDER, { recursive: true, mode: 0o700 })
    writeFileSync(`${FILE}.draft`, JSON.stringify({ id }))
    renameSync(`${FILE}.draft`, FILE)
  }
  return { id, resumed: left !== undefined, finish: () => rmSync(FILE, { force: true }) }
}

function readLeftRound(): string | undefined {
  try {
    const { id } = JSON.parse(readFileSync(FILE, 'utf8'))
    return typeof id === 'string' && ID.test(id) ? id : undefined
  } catch {
    return undefined
  }
}
