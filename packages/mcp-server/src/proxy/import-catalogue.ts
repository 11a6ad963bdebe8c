import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import { type Catalogue, type CataloguedUpstream, type CatalogueEntry, definitionOf } from './catalogue.ts'
import { guessRisk } from './guess-risk.ts'
import { lookAtUpstream } from './look-at-upstream.ts'
import type { UpstreamTarget } from './upstream.ts'

/** What an import did with a tool. */
export interface ImportedTool {
  readonly upstream: string
  readonly tool: string
  readonly risk: CatalogueEntry['risk']
  /** `kept`: as a person left it. `changed`: it is another tool than the person looked at, so it is critical again. */
  readonly outcome: 'added' | 'kept' | 'changed' | 'removed'
}

/** A catalogue for a person to edit, and what is new in it. */
export interface ImportedCatalogue {
  readonly catalogue: Catalogue
  readonly tools: readonly ImportedTool[]
}

const LOOK_AGAIN = 'It changed since somebody looked at it: look again.'

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
  const entries: Record<string, CatalogueEntry> = {}
  const imported = tools.map((tool): ImportedTool => {
    const { entry, outcome } = entryOf(tool, Object.hasOwn(known, tool.name) ? known[tool.name] : undefined)
    entries[tool.name] = entry
    return { upstream, tool: tool.name, risk: entry.risk, outcome }
  })
  const removed = Object.entries(known).filter(([name]) => !Object.hasOwn(entries, name))
  const gone = removed.map(([tool, { risk }]): ImportedTool => ({ upstream, tool, risk, outcome: 'removed' }))
  return { tools: entries, imported: [...imported, ...gone] }
}

function entryOf(
  tool: Tool,
  known: CatalogueEntry | undefined,
): { readonly entry: CatalogueEntry; readonly outcome: ImportedTool['outcome'] } {
  const definition = definitionOf(tool)
  if (known === undefined) return { entry: { definition, ...guessRisk(tool) }, outcome: 'added' }
  if (known.definition === definition) return { entry: known, outcome: 'kept' }
  return { entry: { ...known, definition, risk: 'critical', note: LOOK_AGAIN }, outcome: 'changed' }
}
