import type { ErrorCode, JsonObject, SimulatedRoute } from '@preceptor/client'
import { isErrorCode, MATURITIES, ROUTES } from '@preceptor/client'
import { z } from 'zod'

const decision = z.object({
  id: z.string(),
  agent: z.string(),
  action: z.string(),
  source: z.string(),
  route: z.enum(ROUTES),
  maturity: z.enum(MATURITIES).nullable(),
  reason: z.string(),
  policyVersion: z.int(),
  argsHash: z.string().nullable(),
  decidedAt: z.string(),
  code: z.string().nullish(),
  approval: z.unknown().optional(),
  grant: z.unknown().optional(),
  shadow: z.object({ code: z.string().nullable() }).optional(),
})
const shape = z.object({
  decision,
  args: z.record(z.string(), z.unknown()),
  digest: z.string().nullable(),
  resource: z.string().nullable(),
  type: z.string().nullable(),
  delegation: z.array(z.string()),
  run: z.string().nullable(),
})

/** A decision as the journal has it. */
export interface RecordedDecision {
  readonly id: string
  readonly agent: string
  readonly action: string
  readonly digest: string | null
  readonly source: string
  readonly type: string | null
  readonly resource: string | null
  readonly delegation: readonly string[]
  readonly run: string | null
  /** What the schema hides in them is masked. */
  readonly args: JsonObject
  readonly argsHash: string | null
  readonly policyVersion: number
  readonly decidedAt: string
  /** Its place in the journal. */
  readonly position: number
  /** Where the policy sent it, and the code of a denial. */
  readonly route: SimulatedRoute
  readonly code: ErrorCode | null
  /** Whether the policy was asked at all: before it come stops, agents, the action and its args. */
  readonly isRuled: boolean
  /** Whether a limit was found used up, also where the policy only watched. */
  readonly isLimited: boolean
}

/** Reads what the journal says of a decision; undefined for what this release does not understand. */
export function recordedDecision(body: unknown, position: number): RecordedDecision | undefined {
  const parsed = shape.safeParse(body)
  if (!parsed.success) return undefined
  const { decision: made, args, ...rest } = parsed.data
  const { code: given, approval, grant, shadow, maturity, route, reason: _, ...facts } = made
  const code = isErrorCode(given) ? given : null
  return {
    ...facts,
    ...rest,
    // It was parsed from JSON.
    args: args as JsonObject,
    position,
    // What people, or a grant of theirs, let run was sent to them; what waits for somebody to watch was sent to be watched.
    route: approval !== undefined || grant !== undefined ? 'proposal' : route === 'queue' ? 'supervision' : route,
    code: route === 'denied' ? code : null,
    isRuled: maturity !== null,
    isLimited: (shadow?.code ?? code) === 'LIMIT_EXCEEDED',
  }
}
