/** Kinds of work that the trainer has strategies of its own for. */
export const AGENT_TYPES = [
  'engineer',
  'documentation',
  'qa',
  'research',
  'ops',
  'security',
  'ticketing',
  'version_control',
  'data_engineer',
] as const

/** One of the nine. */
export type AgentType = (typeof AGENT_TYPES)[number]

/** The type of an agent whose category is none of the nine. */
export const GENERIC = 'generic'

/** Form of the name of an agent type, also of one that somebody registered. */
export const AGENT_TYPE_FORM: RegExp = /^[a-z][a-z0-9_.-]{0,63}$/

const KNOWN: ReadonlySet<string> = new Set(AGENT_TYPES)

/** The type of an agent: its category where it is one of the nine, however it is spelt, such as `Data Engineer`. */
export function agentTypeOf({ category }: { readonly category: string | null }): string {
  const name = (category ?? '')
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
  return KNOWN.has(name) ? name : GENERIC
}
