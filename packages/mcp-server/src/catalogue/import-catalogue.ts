import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import { lookAtUpstream } from '../upstream/look-at-upstream.ts'
import type { UpstreamTarget } from '../upstream/upstream.ts'
import { type Catalogue, type CataloguedUpstream, type CatalogueEntry, definitionOf } from './catalogue.ts'
import { guessRisk } from './guess-risk.ts'

/** What an import did with a tool. */
export interface ImportedTool {
  readonly upstream: string
  readonly tool: string
  readonly risk: CatalogueEntry['risk']
  /**
   * `kept`: as a person left it. `changed`: it is another tool than the person looked at, so it is critical until the mark
   * is taken away. `removed`: the server does not list it; what was said of it stays.
   */
  readonly outcome: 'added' | 'kept' | 'changed' | 'removed'
}

/** A catalogue for a person to edit, and what is new in it. */
export interface ImportedCatalogue {
  readonly catalogue: Catalogue
  readonly tools: readonly ImportedTool[]
}

/**
 * Makes a catalogue of the tools that servers list, with a guess at the risk of each that no person has classified yet.
 *
 * @throws GovernanceError `UPSTREAM_UNAVAILABLE` naming the server that cannot be reached.
 */
export async function importCatalogue(
  upstreams: Readonly<Record<string, UpstreamTarget>>,
  before: Catalogue = { version: 1, upstreams: {} },
): Promise<ImportedCatalogue> {
  const listed: Record<string, CataloguedUpstream> = {}
  const outcomes: ImportedTool[] = []
  for (const [name, target] of Object.entries(upstreams)) {
    const known = before.upstreams[name]
    const { tools: now } = await lookAtUpstream(name, target)
    const { tools, imported } = classify(name, now, known?.tools ?? {})
    listed[name] = { ...known, tools }
    outcomes.push(...imported)
  }
  return { catalogue: { version: 1, upstreams: { ...before.upstreams, ...listed } }, tools: outcomes }
}

function classify(
  upstream: string,
  tools: readonly Tool[],
  known: CataloguedUpstream['tools'],
): { readonly tools: Readonly<Record<string, CatalogueEntry>>; readonly imported: readonly ImportedTool[] } {
  const entries = new Map(Object.entries(known))
  // No file of JSON keeps that name: it stays what nobody classified.
  const imported = tools
    .filter(({ name }) => name !== '__proto__')
    .map((tool): ImportedTool => {
      const { entry, outcome } = entryOf(tool, entries.get(tool.name))
      entries.set(tool.name, entry)
      return { upstream, tool: tool.name, risk: outcome === 'changed' ? 'critical' : entry.risk, outcome }
    })
  const listed = new Set(tools.map(({ name }) => name))
  const removed = Object.entries(known).filter(([name]) => !listed.has(name))
  const gone = removed.map(([tool, { risk }]): ImportedTool => ({ upstream, tool, risk, outcome: 'removed' }))
  return { tools: Object.fromEntries(entries), imported: [...imported, ...gone] }
}

function entryOf(
  tool: Tool,
  known: CatalogueEntry | undefined,
): { readonly entry: CatalogueEntry; readonly outcome: ImportedTool['outcome'] } {
  const definition = definitionOf(tool)
  if (known === undefined) return { entry: { definition, ...guessRisk(tool) }, outcome: 'added' }
  if (known.definition === definition) return { entry: known, outcome: known.changed === true ? 'changed' : 'kept' }
  return { entry: { ...known, definition, changed: true }, outcome: 'changed' }
}
