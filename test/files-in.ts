import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The paths of all files below a folder, but those of installed packages. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.name === 'node_modules') return []
    return entry.isDirectory() ? filesIn(path) : [path]
  })
}
