import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Appends lines to a file so that they outlive a kill of this process at any moment. */
export type Append = (line: object) => void

/** Opens a file for whole lines; several processes may append to one. */
export function openLog(folder: string, file: string): Append {
  const descriptor = openSync(join(folder, file), 'a', 0o600)
  return (line) => void writeSync(descriptor, `${JSON.stringify(line)}\n`)
}
