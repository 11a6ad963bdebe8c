import type { ArgCondition, GrantMatcher, JsonValue } from '@preceptor/client'
import { z } from 'zod'
import { parseInput } from '../access/parse-input.ts'
import { assertJsonObject } from '../kernel/json-guard.ts'

const MOST_ARGS = 64
const MOST_BYTES = 16_384

// What is parsed here is JSON already.
const json: z.ZodType<JsonValue> = z.custom<JsonValue>((value) => value !== undefined, 'a value is needed')

const condition: z.ZodType<ArgCondition> = z.union(
  [
    z.strictObject({ equals: json }),
    z.strictObject({ oneOf: z.array(json).min(1).max(50) }),
    z.strictObject({ atMost: z.number().min(0) }),
    z.strictObject({ atLeast: z.number() }),
    z.strictObject({ between: z.tuple([z.number(), z.number()]).refine(([least, most]) => least <= most) }),
    z.strictObject({ any: z.literal(true) }),
  ],
  'exactly one of equals, oneOf, atMost (at least 0), atLeast, between (in order) and any (true) is needed',
)

const input: z.ZodType<GrantMatcher> = z.strictObject({
  args: z
    .record(z.string().min(1).max(128), condition)
    .refine((args) => Object.keys(args).length <= MOST_ARGS, `at most ${MOST_ARGS} arguments can be named`),
  resource: z.string().min(1).max(500).nullable().exactOptional(),
})

/**
 * Takes a matcher from outside as a frozen copy.
 *
 * @throws GovernanceError `INPUT_INVALID`, `BODY_TOO_DEEP`, `BODY_TOO_LARGE`.
 */
export function parseMatcher(value: unknown): GrantMatcher {
  return parseInput(input, assertJsonObject(value, { name: 'matcher', maxBytes: MOST_BYTES }), 'matcher')
}
