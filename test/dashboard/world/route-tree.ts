import { readdirSync, readFileSync } from 'node:fs'

const APP = new URL('../../../packages/dashboard/src/app/', import.meta.url)
const ROUTE = /const (\w+) = createRoute\(\{\s*getParentRoute: \(\) => (\w+),\s*path: '([^']*)'/g
/** Pages that stand in a component of somebody else's page alone: parts of other pages are shown there. */
const EMBEDDED: ReadonlySet<string> = new Set(['agents/journey-routes.ts'])
const ROUTES = /\w+Routes(?:Under)?\b/g

/** Paths of all routes of the router, read from where they are declared; `/` at the end of one is its start. */
export function routePaths(): readonly string[] {
  const files = readdirSync(APP, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('-routes.ts') && !EMBEDDED.has(name),
  )
  const sources = files.map((name) => readFileSync(new URL(name, APP), 'utf8'))
  const named = new Set(readFileSync(new URL('router.ts', APP), 'utf8').match(ROUTES))
  const paths = sources.flatMap(pathsOf)
  // A file of routes that the router does not take up, or one that reads otherwise, would be a page that nobody looks at.
  if (named.size !== files.length)
    throw new Error(`The router names ${[...named].join(', ')}; there is ${files.join(', ')}.`)
  const declared = sources.join('\n').split('createRoute({').length - 1
  if (declared !== paths.length) throw new Error(`Of ${declared} routes ${paths.length} can be read.`)
  return [...new Set(paths)]
}

function pathsOf(source: string): readonly string[] {
  const byName = new Map<string, string>()
  return [...source.matchAll(ROUTE)].map(([, name = '', parent = '', path = '']) => {
    const whole = `${byName.get(parent) ?? ''}${path === '/' && byName.has(parent) ? '' : path}`
    byName.set(name, whole)
    return whole
  })
}

/** Names of the parts of analytics, which are its addresses. */
export function analyticsViews(): readonly string[] {
  return namesIn('analytics/analytics-search.ts', /export const VIEWS = \[([^\]]+)\]/)
}

/** Names of the sections of the settings, which are their addresses. */
export function settingsSections(): readonly string[] {
  return namesIn('settings/sections.ts', /export type SectionName =([^/]+)\n\n/)
}

function namesIn(file: string, list: RegExp): readonly string[] {
  const [, names = ''] = list.exec(readFileSync(new URL(file, APP), 'utf8')) ?? []
  return [...names.matchAll(/'([a-z]+)'/g)].map(([, name = '']) => name)
}

/** Files of the app that show a dialog, beside those that all pages have. */
export function dialogFiles(): readonly string[] {
  const files = readdirSync(APP, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'))
  const shows = (name: string): boolean =>
    /<(?:AskDialog|AskedButton|Dialog\.Popup)\b/.test(readFileSync(new URL(name, APP), 'utf8'))
  return files.filter((name) => !/^(?:ui|shell|keys)\//.test(name) && shows(name))
}
