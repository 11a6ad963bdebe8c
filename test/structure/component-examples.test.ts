import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Example } from './examples.ts'
import { ROOT } from './sources.ts'

const run = promisify(execFile)
const PACKAGE = join(ROOT, 'packages', 'dashboard')
const FENCE = /```tsx\n([\s\S]*?)```/g

/** Every example of the components: on the page of the package, and beside each of them. */
function componentExamples(): readonly Example[] {
  const embed = join(PACKAGE, 'src', 'app', 'embed')
  const files = [join(PACKAGE, 'README.md'), ...readdirSync(embed).map((name) => join(embed, name))]
  return files.flatMap((file) => {
    const text = readFileSync(file, 'utf8')
    const plain = file.endsWith('.md') ? text : text.replace(/^ \*[ ]?/gm, '')
    return [...plain.matchAll(FENCE)].map(([, code = '']) => ({ of: file.slice(ROOT.length + 1), code }))
  })
}

/** Compiles examples as a page of somebody else does; the package must be built. @returns what the compiler says */
async function compile(examples: readonly Example[]): Promise<string> {
  const folder = join(PACKAGE, 'dist', `.react-examples-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  try {
    examples.forEach(({ of, code }, index) => {
      writeFileSync(join(folder, `example-${index}.tsx`), `// ${of}\n${code}\nexport {}\n`)
    })
    const options = {
      ...{ strict: true, noEmit: true, skipLibCheck: true, jsx: 'react-jsx', types: [] },
      ...{ target: 'es2023', module: 'preserve', moduleResolution: 'bundler', noUncheckedSideEffectImports: false },
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.tsx'] }))
    const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
    const result = await run(process.execPath, [compiler, '-p', folder], { cwd: folder }).catch((error) => error)
    return result.stdout.replace(
      /example-(\d+)\.tsx/g,
      (file: string, at: string) => `${file} of ${examples[Number(at)]?.of}`,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('examples of the components', () => {
  it('compile, and each component has one [STR-5]', async () => {
    const examples = componentExamples()
    for (const name of [
      'ApprovalInbox',
      'SupervisionPanel',
      'MaturityJourney',
      'useUserActivity',
      'PreceptorProvider',
    ]) {
      expect(examples.filter(({ code }) => code.includes(name)).length, name).toBeGreaterThan(1)
    }
    expect(await compile(examples)).toBe('')
  }, 120_000)

  it('are refused when they do not', async () => {
    const code =
      "import { MaturityJourney } from '@preceptor/dashboard/react'\nexport const A = () => <MaturityJourney />\n"
    expect(await compile([{ of: 'nothing', code }])).toContain("'agent' is missing")
  }, 60_000)
})
