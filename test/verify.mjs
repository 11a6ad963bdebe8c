// `npm run verify [-- --static]`: every check of the repository, in the order in which they are cheap; `--static` leaves
// the tests out.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bootstrap, PNPM } from './setup/bootstrap.mjs'
import { run, runVisibly } from './setup/processes.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = (name) => join(ROOT, 'node_modules', '.bin', name)
const quietly = (command, ...args) => run(command, args, { cwd: ROOT })

/** Packs every package as it would be published and judges the tarballs. */
async function checkPackages() {
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-packages-'))
  try {
    await quietly('npx', '--yes', PNPM, '--filter', './packages/*', 'pack', '--pack-destination', folder)
    for (const name of readdirSync(folder)) {
      const tarball = join(folder, name)
      await checkContents(tarball)
      await quietly(bin('publint'), tarball, '--strict')
      // A style sheet has no types.
      await quietly(bin('attw'), tarball, '--profile', 'esm-only', '--exclude-entrypoints', 'react.css')
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What only the workspace needs stays in the workspace. */
async function checkContents(tarball) {
  const files = (await quietly('tar', '-tzf', tarball)).trim().split('\n')
  const stray = files.filter((file) => /\.test\.|tsbuildinfo|\/src\//.test(file))
  const manifest = await quietly('tar', '-xzOf', tarball, 'package/package.json')
  if (manifest.includes('@preceptor/source')) stray.push('the condition @preceptor/source in package.json')
  if (/"(pre|post)?install"\s*:/.test(manifest)) stray.push('an install script in package.json')
  if (stray.length > 0) throw new Error(`${tarball} must not contain: ${stray.join(', ')}`)
}

/** The demo checks itself. The other examples are run by tests of test/e2e: a structure test sees to that. */
async function checkDemo() {
  await quietly(process.execPath, join(ROOT, 'examples', 'dist', 'demo', 'check.js'))
}

async function runTests() {
  const code = await runVisibly(process.execPath, [join(ROOT, 'test', 'run.mjs')], { cwd: ROOT })
  if (code !== 0) throw new Error('the tests failed')
}

const CHECKS = [
  ['format and lint', () => quietly(bin('biome'), 'ci', '--colors=off', '--max-diagnostics=100', '.')],
  ['imports', () => quietly(bin('depcruise'), 'packages', 'examples', 'test')],
  ['unused code', () => quietly(bin('knip'), '--no-progress')],
  ['packages', checkPackages],
  ['tests', runTests],
  ['demo', checkDemo],
]

const withTests = !process.argv.includes('--static')
const failed = []
// Installs and type-checks: the other checks need both.
await bootstrap()
for (const [name, check] of CHECKS.filter(([name]) => withTests || name !== 'tests')) {
  const start = Date.now()
  try {
    await check()
    process.stderr.write(`verify: ${name}: ok (${((Date.now() - start) / 1000).toFixed(1)} s)\n`)
  } catch (error) {
    process.stderr.write(`${error.message}\nverify: ${name}: FAILED\n`)
    failed.push(name)
  }
}
process.stderr.write(failed.length === 0 ? 'verify: all checks passed\n' : `verify: failed: ${failed.join(', ')}\n`)
process.exitCode = failed.length === 0 ? 0 : 1
