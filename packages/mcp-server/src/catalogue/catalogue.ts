import { createHash } from 'node:crypto'
import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import { type ActionDefinition, GovernanceError, type JsonObject, MATURITIES, RISKS } from '@preceptor/client'
import { z } from 'zod'

/** What a person says of a tool. */
export interface CatalogueEntry {
  /** SHA-256 (hex) of the definition that the person looked at: a tool that changed is critical again. */
  readonly definition: string
  /** The tool changed since, and is critical until somebody looks at it and takes this away. */
  readonly changed?: boolean | undefined
  readonly risk: NonNullable<ActionDefinition['risk']>
  readonly capability?: string | undefined
  readonly idempotent?: boolean | undefined
  readonly ceiling?: NonNullable<ActionDefinition['ceiling']> | undefined
  /** Why it is so, for the next reader. */
  readonly note?: string | undefined
}

/** What people say of the tools of upstreams, by the names of both. */
export interface Catalogue {
  readonly version: 1
  readonly upstreams: Readonly<Record<string, CataloguedUpstream>>
}

/** What people say of one upstream. */
export interface CataloguedUpstream {
  readonly tools: Readonly<Record<string, CatalogueEntry>>
  /** Risk of reading its resources; safe unless set. */
  readonly resources?: CatalogueEntry['risk'] | undefined
  /** Risk of getting its prompts; safe unless set. */
  readonly prompts?: CatalogueEntry['risk'] | undefined
}

const entry: z.ZodType<CatalogueEntry> = z.strictObject({
  definition: z.string().regex(/^[0-9a-f]{64}$/),
  changed: z.boolean().optional(),
  risk: z.enum(RISKS),
  capability: z.string().min(1).max(128).optional(),
  idempotent: z.boolean().optional(),
  ceiling: z.enum(MATURITIES).optional(),
  note: z.string().max(500).optional(),
})
const catalogue: z.ZodType<Catalogue> = z.strictObject({
  version: z.literal(1),
  upstreams: z.record(
    z.string(),
    z.strictObject({
      tools: z.record(z.string(), entry),
      resources: z.enum(RISKS).optional(),
      prompts: z.enum(RISKS).optional(),
    }),
  ),
})

/**
 * Reads a catalogue.
 *
 * @throws GovernanceError `OPTION_INVALID` naming what is wrong with it.
 */
export function parseCatalogue(value: unknown): Catalogue {
  const result = catalogue.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues
    .slice(0, 10)
    .map(({ path, message }) => `${path.map(String).join('.')}: ${message}.`)
  throw new GovernanceError('OPTION_INVALID', { message: `The catalogue is not valid. ${problems.join(' ')}` })
}

/** The digest of what a tool says of itself to a model: its names, what it takes and gives, and what it is said to do. */
export function definitionOf(tool: Tool): string {
  const { name, title = '', description = '', inputSchema, outputSchema = null, annotations = {} } = tool
  return createHash('sha256')
    .update(JSON.stringify([name, title, description, inputSchema, outputSchema, annotations], sortKeys))
    .digest('hex')
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** The action that a tool is: critical, unless a person said of exactly this tool what it can do. */
export function actionOf(tool: Tool, entry: CatalogueEntry | undefined, place: string): ActionDefinition {
  const definition = definitionOf(tool)
  const { $schema: _, ...schema } = tool.inputSchema as JsonObject
  // With it an approval is bound to this tool as it is now, at this server.
  const args = { ...schema, $comment: `definition ${definition} at ${place}` }
  const base = { args, ...(tool.description !== undefined && { description: oneLine(tool.description) }) }
  if (entry === undefined || entry.changed === true || entry.definition !== definition)
    return { ...base, risk: 'critical' }
  const { risk, capability, idempotent, ceiling } = entry
  return {
    ...base,
    risk,
    ...(capability !== undefined && { capability }),
    ...(idempotent !== undefined && { idempotent }),
    ...(ceiling !== undefined && { ceiling }),
  }
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, 200)
