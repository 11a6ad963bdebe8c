import { GovernanceError, type Scenario } from '@preceptor/client'
import { z } from 'zod'
import { parseInput } from '../access/parse-input.ts'
import { assertJsonObject } from '../kernel/json-guard.ts'
import { compileCondition } from '../policy/condition.ts'
import { OWN } from './own-scenarios.ts'
import { schemaValidator } from './schema-validator.ts'

const text = (longest: number): z.ZodString => z.string().min(1).max(longest)
const at = z
  .string()
  .max(500)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, 'must be a JSON Pointer')
  .exactOptional()
// What is inside of JSON is looked at by the guard of JSON.
const json = z.custom<never>((value) => value !== undefined, 'is missing')

const grader = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exact'), expected: json, at }),
  z.strictObject({ kind: z.literal('json_schema'), schema: z.looseObject({}) }),
  z.strictObject({ kind: z.literal('cel'), condition: text(512) }),
  z.strictObject({ kind: z.literal('numeric'), expected: z.number(), tolerance: z.number().min(0), at }),
  z.strictObject({ kind: z.literal('human'), instructions: text(4_000) }),
  z.strictObject({ kind: z.literal('rubric'), rubric: text(4_000) }),
])

const scenario = z.strictObject({
  id: text(100)
    .regex(/^[A-Za-z0-9._:-]+$/, 'letters, digits and . _ : - only')
    .refine((id) => !id.startsWith(OWN), `ids that begin with ${OWN} are those of the calls of agents`),
  version: z.int().min(1).max(1_000_000),
  topic: text(100),
  capability: text(128),
  task: text(4_000),
  input: z.looseObject({}),
  grader,
  weight: z.number().gt(0).max(10),
})

/**
 * Reads a scenario; what cannot be graded by is refused here, not when an agent has answered.
 *
 * @throws GovernanceError `INPUT_INVALID` naming the field, `CONDITION_INVALID`, `BODY_TOO_LARGE`, `BODY_TOO_DEEP`.
 */
function parseScenario(value: unknown, name = 'scenario'): Scenario {
  const copied = assertJsonObject(value, { name, maxBytes: 65_536 })
  parseInput(scenario, copied, name)
  // Copied as plain JSON, and found to have the form just now.
  const parsed = copied as unknown as Scenario
  if (parsed.grader.kind === 'cel') compileCondition(parsed.grader.condition)
  if (parsed.grader.kind === 'json_schema') schemaValidator(parsed.grader.schema)
  return parsed
}

const MOST_SCENARIOS = 500

/**
 * Reads a list of scenarios, of which no two have the same id and version.
 *
 * @throws GovernanceError as `parseScenario`.
 */
export function parseScenarios(values: readonly unknown[]): readonly Scenario[] {
  if (!Array.isArray(values) || values.length > MOST_SCENARIOS) {
    throw new GovernanceError('INPUT_INVALID', {
      message: `scenarios: a list of at most ${MOST_SCENARIOS} is needed.`,
    })
  }
  const scenarios = values.map((value, index) => parseScenario(value, `scenarios.${index}`))
  const names = scenarios.map(({ id, version }) => `${id} ${version}`)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return scenarios
  throw new GovernanceError('INPUT_INVALID', { message: `scenarios: ${twice} is there twice.` })
}
