// Builds the page of the dashboard into its dist/app; does nothing when it was built from the same sources.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './processes.mjs'

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const PACKAGE = join(ROOT, 'packages', 'dashboard')
const OUTPUTS = [
  { output: join(PACKAGE, 'dist', 'app'), config: 'vite.config.ts' },
  { output: join(PACKAGE, 'dist', 'react'), config: 'vite.react.config.ts', after: declareComponents },
]
const STAMP = join(PACKAGE, 'dist', '.app-stamp')

/** What the page is made from: its sources, the port that is bundled into it, and the versions of everything else. */
function fingerprint() {
  const hash = createHash('sha256')
  const clients = ['client/src', 'learning/src/client', 'orchestration/src/client']
  const sources = [join(PACKAGE, 'src', 'app'), ...clients.map((path) => join(ROOT, 'packages', path))].flatMap(filesOf)
  const configs = ['vite.config.ts', 'vite.react.config.ts', 'tsconfig.react.json'].map((name) => join(PACKAGE, name))
  const files = [...configs, join(ROOT, 'pnpm-lock.yaml'), ...sources]
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

/** What the components for pages of somebody else declare; what stands behind them is nobody's business. */
async function declareComponents(folder) {
  const types = join(PACKAGE, 'dist', `.react-types-${process.pid}`)
  try {
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
    const options = ['-p', join(PACKAGE, 'tsconfig.react.json'), '--outDir', types]
    await run(process.execPath, [tsc, ...options], { cwd: ROOT })
    for (const name of readdirSync(join(types, 'embed'))) {
      const declared = readFileSync(join(types, 'embed', name), 'utf8')
      // The style sheet is one file, which the host imports.
      const told = declared
        .replaceAll(/^import '[^']*\.css';\n/gm, '')
        .replaceAll(/(from '\.\/[^']*)\.tsx?'/g, "$1.js'")
      writeFileSync(join(folder, name), told)
    }
  } finally {
    rmSync(types, { recursive: true, force: true })
  }
}

/**
 * Builds the page of the dashboard, and its components for other pages, unless they are up to date.
 * @returns {Promise<boolean>} whether they had to be built
 */
export async function buildDashboard() {
  const wanted = fingerprint()
  if (
    OUTPUTS.every(({ output }) => existsSync(output)) &&
    existsSync(STAMP) &&
    readFileSync(STAMP, 'utf8') === wanted
  ) {
    return false
  }
  const { build } = await import('vite')
  mkdirSync(join(PACKAGE, 'dist'), { recursive: true })
  for (const { output, config, after } of OUTPUTS) {
    const fresh = join(PACKAGE, 'dist', `.app-${process.pid}`)
    try {
      const configFile = join(PACKAGE, config)
      await build({ configFile, mode: 'production', logLevel: 'warn', build: { outDir: fresh, emptyOutDir: true } })
      await after?.(fresh)
      // Whoever serves the page sees a whole one.
      rmSync(output, { recursive: true, force: true })
      renameSync(fresh, output)
    } finally {
      rmSync(fresh, { recursive: true, force: true })
    }
  }
  writeFileSync(STAMP, wanted)
  return true
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildDashboard()
