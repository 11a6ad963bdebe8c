import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, sep } from 'node:path'
import { BUILT } from '../processes.ts'
import type { Edit, Patch } from './patch.ts'

/** A copy of the built product, which may be broken. */
export interface BuildCopy {
  /** Folder of the programs that run it. */
  readonly programs: string
  /** Applies a patch; gives the function that takes it back. */
  apply(patch: Pick<Patch, 'name' | 'edits'>): () => void
  remove(): void
}

const ROOT = join(BUILT, '..', '..', '..')
/** What the programs of the run load of the product. */
const COPIED = ['client', 'core', 'worker'] as const
const SCOPE = '@preceptor'

/** Reads the file that an edit changes, from a root of packages. */
export function builtFile(file: string, root: string = ROOT): string {
  const [name = '', ...rest] = file.split('/')
  return join(root, 'packages', name, 'dist', ...rest)
}

/**
 * Changes a text as an edit says.
 *
 * @throws Error when what it looks for is not there exactly once.
 */
export function editText(text: string, { file, find, replace }: Edit): string {
  const count = text.split(find).length - 1
  if (count !== 1) throw new Error(`${file} has ${count} places of: ${find}`)
  return text.replace(find, () => replace)
}

/** Copies what was built to a temporary folder. */
export function copyBuild(): BuildCopy {
  const root = mkdtempSync(join(tmpdir(), 'preceptor-sabotage-'))
  for (const name of COPIED) copyPackage(root, join('packages', name), 'dist')
  copyPackage(root, 'test', join('dist', 'faults'))
  return {
    programs: `${join(root, 'test', 'dist', 'faults')}${sep}`,
    apply({ edits }) {
      const before = new Map<string, string>()
      for (const edit of edits) {
        const path = builtFile(edit.file, root)
        const text = readFileSync(path, 'utf8')
        if (!before.has(path)) before.set(path, text)
        writeFileSync(path, editText(text, edit))
      }
      return () => {
        for (const [path, text] of before) writeFileSync(path, text)
      }
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

function copyPackage(root: string, folder: string, built: string): void {
  const [from, to] = [join(ROOT, folder), join(root, folder)]
  const filter = (path: string): boolean => !/\.(?:map|d\.ts|tsbuildinfo)$|\.test\./.test(path)
  cpSync(join(from, built), join(to, built), { recursive: true, filter })
  cpSync(join(from, 'package.json'), join(to, 'package.json'))
  linkModules(join(from, 'node_modules'), join(to, 'node_modules'), root)
}

/** Everything that it depends on is what is installed, but for the packages that were copied. */
function linkModules(from: string, to: string, root: string): void {
  mkdirSync(to)
  for (const name of readdirSync(from)) {
    if (name !== SCOPE) symlinkSync(realpathSync(join(from, name)), join(to, name))
  }
  const ours = join(from, SCOPE)
  for (const name of existsSync(ours) ? readdirSync(ours) : []) {
    const isCopied = COPIED.some((copied) => copied === name)
    const target = isCopied ? join(root, 'packages', name) : realpathSync(join(ours, name))
    mkdirSync(dirname(join(to, SCOPE, name)), { recursive: true })
    symlinkSync(target, join(to, SCOPE, name))
  }
}
