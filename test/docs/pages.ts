import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../structure/sources.ts'

/** Every page below `docs`, but for the decisions and the pictures, as paths from the root. */
export function documentationPages(): string[] {
  return readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((path) => `docs/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md') && !/^docs\/(decisions|screenshots)\//.test(path))
    .sort()
}

/** The README of every package that has one. */
export function packageReadmes(): string[] {
  const paths = readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}/README.md`)
  return paths.filter((path) => existsSync(join(ROOT, path)))
}

/** Reads a page. */
export function pageText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** The code blocks of a text that are of a language. */
export function codeBlocks(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, of, code = '']) =>
    of === language ? [code] : [],
  )
}

/** The section of a text below a heading of the second level. */
export function sectionOf(text: string, heading: string): string {
  const [, section] = text.split(new RegExp(`^## ${heading}$`, 'm'))
  if (section === undefined) throw new Error(`There is no section "${heading}".`)
  return section.split(/^## /m)[0] ?? ''
}
