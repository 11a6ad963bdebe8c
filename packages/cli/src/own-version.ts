import { readFileSync } from 'node:fs'

/** The release of this program. */
export function ownVersion(): string {
  return String(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version)
}
