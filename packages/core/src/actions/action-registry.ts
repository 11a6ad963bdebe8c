import type { ActionSpecification } from './registered-action.ts'

/** What a name and an optional digest stand for in this process. */
export type ActionLookup =
  | { readonly found: 'one'; readonly action: ActionSpecification }
  | { readonly found: 'none' }
  | { readonly found: 'several' }

/** The actions that this process registered, by workspace, name and digest. */
export interface ActionRegistry {
  /**
   * Adds a definition; the same one twice is the first one, so that what was compiled for it stays. One that came as
   * JSON makes room for the code of the host, which may ask for more.
   */
  add(workspace: string, action: ActionSpecification): void
  /** The actions of each workspace that this process can run by itself. */
  executable(): Iterable<readonly [workspace: string, actions: readonly ActionSpecification[]]>
  /** Finds by exact name; without a digest only a name with a single definition is found. */
  find(workspace: string, name: string, digest?: string): ActionLookup
}

/** Makes an empty registry. Maps, not objects: a name such as `constructor` must find nothing. */
export function createActionRegistry(): ActionRegistry {
  const workspaces = new Map<string, Map<string, Map<string, ActionSpecification>>>()
  return {
    add(workspace, action) {
      const names = workspaces.get(workspace) ?? new Map<string, Map<string, ActionSpecification>>()
      const digests = names.get(action.name) ?? new Map<string, ActionSpecification>()
      const known = digests.get(action.digest)
      digests.set(action.digest, known === undefined ? action : joined(known, action))
      names.set(action.name, digests)
      workspaces.set(workspace, names)
    },
    *executable() {
      for (const [workspace, names] of workspaces) {
        const actions = [...names.values()].flatMap((digests) => [...digests.values()])
        const own = actions.filter(({ execute }) => execute !== null)
        if (own.length > 0) yield [workspace, own]
      }
    },
    find(workspace, name, digest) {
      const digests = workspaces.get(workspace)?.get(name)
      if (digests === undefined) return { found: 'none' }
      if (digest !== undefined) return lookup(digests.get(digest))
      return digests.size === 1 ? lookup(digests.values().next().value) : { found: 'several' }
    },
  }
}

/** One definition of two that have the same digest: functions that one of them lacks come from the other. */
function joined(known: ActionSpecification, action: ActionSpecification): ActionSpecification {
  const isStricter = action.isValidatedByCode && !known.isValidatedByCode
  const [first, second] = isStricter ? [action, known] : [known, action]
  const execute = first.execute ?? second.execute
  const summary = first.summary ?? second.summary
  const preview = first.preview ?? second.preview
  const isSame = execute === first.execute && summary === first.summary && preview === first.preview
  // The same object for the same definition: what was compiled for it stays.
  return isSame ? first : { ...first, execute, summary, preview }
}

function lookup(action: ActionSpecification | undefined): ActionLookup {
  return action === undefined ? { found: 'none' } : { found: 'one', action }
}
