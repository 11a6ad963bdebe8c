import type { Request, Result } from '@modelcontextprotocol/sdk/types.js'
import type { JsonObject } from '@preceptor/client'
import { pagesOf } from '../upstream/pages-of.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { ProxySession } from './proxy-session.ts'

interface Listing {
  /** Where a result has its list. */
  readonly key: string
  /** Whether its items are called by a name, which then needs the prefix of their upstream. */
  readonly isNamed: boolean
  readonly isThere: (upstream: Upstream) => boolean
}

const LISTINGS: Readonly<Record<string, Listing>> = {
  'tools/list': { key: 'tools', isNamed: true, isThere: ({ facts }) => facts.capabilities.tools !== undefined },
  'prompts/list': { key: 'prompts', isNamed: true, isThere: ({ facts }) => facts.capabilities.prompts !== undefined },
  'resources/list': {
    key: 'resources',
    isNamed: false,
    isThere: ({ facts }) => facts.capabilities.resources !== undefined,
  },
  'resources/templates/list': {
    key: 'resourceTemplates',
    isNamed: false,
    isThere: ({ facts }) => facts.capabilities.resources !== undefined,
  },
}

/** The joined list of several upstreams, whole; undefined for what is no list, and for one upstream, whose pages are its own. */
export async function listedResult(
  { upstreams, names, tools }: ProxySession,
  { method }: Request,
  signal: AbortSignal,
): Promise<Result | undefined> {
  const listing = Object.hasOwn(LISTINGS, method) ? LISTINGS[method] : undefined
  if (listing === undefined || upstreams.size === 1) return undefined
  const lists = await Promise.all(
    [...upstreams.values()].filter(listing.isThere).map(async (upstream) => {
      const items = await allPages(upstream, { method, key: listing.key, signal })
      if (method === 'tools/list') tools.get(upstream.name)?.tell(items)
      return listing.isNamed
        ? items.map((item) => ({ ...item, name: names.outer(upstream.name, String(item.name)) }))
        : items
    }),
  )
  return { [listing.key]: lists.flat() }
}

/** What stands on every page of a list of an upstream. */
export async function allPages(
  upstream: Upstream,
  { method, key, signal }: { readonly method: string; readonly key: string; readonly signal: AbortSignal },
): Promise<readonly JsonObject[]> {
  const items: JsonObject[] = []
  for await (const { [key]: some } of pagesOf(upstream, method, signal)) {
    if (Array.isArray(some)) items.push(...(some as JsonObject[]))
  }
  return items
}
