import { existsSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { PACKAGES, ROOT } from './sources.ts'

/** A name that a package entry exports, with where it is declared. */
export interface PublicName {
  /** Import specifier of the entry, such as `@preceptor/core/testing`. */
  readonly entry: string
  readonly name: string
  readonly declarations: readonly ts.Declaration[]
  /** Path of the declaring file from the root. */
  readonly file: string
}

function entriesOf(name: string): { entry: string; file: string }[] {
  const folder = join(ROOT, 'packages', name, 'src')
  return [
    { entry: `@preceptor/${name}`, file: join(folder, 'index.ts') },
    { entry: `@preceptor/${name}/testing`, file: join(folder, 'testing', 'index.ts') },
    { entry: `@preceptor/${name}/channels`, file: join(folder, 'channels', 'index.ts') },
  ].filter(({ file }) => existsSync(file))
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  customConditions: ['@preceptor/source'],
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
}

/** Lists every public name of every package, following re-exports to their declarations. */
export function publicNames(): PublicName[] {
  const entries = PACKAGES.flatMap(entriesOf)
  const program = ts.createProgram({ rootNames: entries.map(({ file }) => file), options: OPTIONS })
  const checker = program.getTypeChecker()
  return entries.flatMap(({ entry, file }) => {
    const source = program.getSourceFile(file)
    const module = source && checker.getSymbolAtLocation(source)
    return (module === undefined ? [] : checker.getExportsOfModule(module)).map((exported) => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      const declarations = symbol.getDeclarations() ?? []
      const declared = declarations[0]?.getSourceFile().fileName ?? file
      return { entry, name: exported.name, declarations, file: declared.slice(ROOT.length + 1) }
    })
  })
}

/** The documentation comments of a declaration; those of a variable stand on its statement. */
export function documentationOf(declaration: ts.Declaration): readonly ts.JSDoc[] {
  const holder = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
  return ts.getJSDocCommentsAndTags(holder).filter(ts.isJSDoc)
}
