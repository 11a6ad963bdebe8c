import { existsSync, statSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { REQUIREMENTS } from '../requirements.ts'
import { ROOT, repositoryFiles } from '../structure/sources.ts'
import { verifies } from '../verifies.ts'
import { documentationPages, pageText } from './pages.ts'

const LINK = /!?\[(?:[^\]\\]|\\.)*\]\(([^()\s]+)(?:\s"[^"]*")?\)/g
const SCHEME = /^[a-z][a-z0-9+.-]*:/i

/** The text without blocks and spans of code: what stands in these is no link. */
const prose = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, 'code')

/** Anchors as GitHub makes them from headings: lower case, spaces to hyphens, no other punctuation; repeats are numbered. */
function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>()
  const headings = text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} +(.+?) *$/gm)
  return new Set(
    [...headings].map(([, heading = '']) => {
      const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
      const anchor = plain.replace(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-')
      const times = seen.get(anchor) ?? 0
      seen.set(anchor, times + 1)
      return times === 0 ? anchor : `${anchor}-${times}`
    }),
  )
}

/** Says what is wrong with a link of a page; undefined where it leads somewhere. */
function fault(page: string, link: string): string | undefined {
  if (SCHEME.test(link)) return undefined
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : normalize(join(page, '..', decodeURIComponent(path))).replaceAll('\\', '/')
  if (target.startsWith('..') || !existsSync(join(ROOT, target))) return `${page}: ${link} leads nowhere`
  if (anchor === undefined) return undefined
  if (!target.endsWith('.md') || statSync(join(ROOT, target)).isDirectory()) return `${page}: ${link} is no page`
  return anchorsOf(pageText(target)).has(anchor) ? undefined : `${page}: ${link} has no such heading`
}

const faultsOf = (page: string, text: string): string[] =>
  [...prose(text).matchAll(LINK)].flatMap(([, link = '']) => fault(page, link) ?? [])

const pages = repositoryFiles().filter((path) => path.endsWith('.md') || path === 'llms.txt')

describe('links', () => {
  it(verifies('DOC-2', 'lead to files and headings that there are'), () => {
    expect(pages.length).toBeGreaterThan(60)
    expect(pages.flatMap((page) => faultsOf(page, pageText(page)))).toEqual([])
  })

  it.each([
    ['[a](docs/none.md)', 'leads nowhere'],
    ['[a](docs/training.md#none)', 'has no such heading'],
    ['[a](../README.md)', 'leads nowhere'],
    ['[`a`](ARCHITECTURE.md#none)', 'has no such heading'],
  ])('%s is found', (text, said) => {
    expect(faultsOf('README.md', text)).toEqual([expect.stringContaining(said)])
  })

  it('passes over code, addresses and headings that there are', () => {
    const text = '`[a](none)` [b](https://example.com/#x) [c](docs/training.md#what-counts) [d](#see-it)'
    expect(faultsOf('README.md', text)).toEqual([])
  })
})

describe('llms.txt', () => {
  it(verifies('DOC-2', 'names every page'), () => {
    const listed = [...pageText('llms.txt').matchAll(LINK)].map(([, link = '']) => link)
    const readmes = pages.filter((path) => /^packages\/[^/]+\/README\.md$/.test(path))
    const due = [...documentationPages(), ...readmes, 'README.md', 'ARCHITECTURE.md', 'SECURITY.md', 'CONTRIBUTING.md']
    expect(due.filter((path) => !listed.includes(path))).toEqual([])
    expect(listed.filter((link, index) => listed.indexOf(link) !== index)).toEqual([])
  })
})

describe('promises that pages cite', () => {
  it(verifies('DOC-5', 'exist and are kept'), () => {
    const cited = ['docs/security-model.md', 'docs/comparison.md'].flatMap((page) =>
      [...pageText(page).matchAll(/`([A-Z]+-\d+(?:-[A-Z]+)?)`/g)].map(([, id = '']) => ({ page, id })),
    )
    expect(cited.length).toBeGreaterThan(40)
    expect(cited.filter(({ id }) => !Object.hasOwn(REQUIREMENTS, id))).toEqual([])
  })
})
