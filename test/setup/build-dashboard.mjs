// Builds the page of the dashboard into its dist/app; does nothing when it was built from the same sources.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const PACKAGE = join(ROOT, 'packages', 'dashboard')
const OUTPUT = join(PACKAGE, 'dist', 'app')
const STAMP = join(PACKAGE, 'dist', '.app-stamp')

/** What the page is made from: its sources, the port that is bundled into it, and the versions of everything else. */
function fingerprint() {
  const hash = createHash('sha256')
  const clients = ['client/src', 'learning/src/client', 'orchestration/src/client']
  const sources = [join(PACKAGE, 'src', 'app'), ...clients.map((path) => join(ROOT, 'packages', path))].flatMap(filesOf)
  const files = [join(PACKAGE, 'vite.config.ts'), join(ROOT, 'pnpm-lock.yaml'), ...sources]
  for (const file of files) hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return filesOf(path)
      return /\.test\./.test(entry.name) ? [] : [path]
    })
}

/**
 * Builds the page of the dashboard unless it is up to date.
 * @returns {Promise<boolean>} whether it had to be built
 */
export async function buildDashboard() {
  const wanted = fingerprint()
  if (existsSync(OUTPUT) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return false
  const { build } = await import('vite')
  const fresh = join(PACKAGE, 'dist', `.app-${process.pid}`)
  mkdirSync(dirname(fresh), { recursive: true })
  try {
    const configFile = join(PACKAGE, 'vite.config.ts')
    await build({ configFile, mode: 'production', logLevel: 'warn', build: { outDir: fresh, emptyOutDir: true } })
    // Whoever serves the page sees a whole one.
    rmSync(OUTPUT, { recursive: true, force: true })
    renameSync(fresh, OUTPUT)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  writeFileSync(STAMP, wanted)
  return true
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildDashboard()
