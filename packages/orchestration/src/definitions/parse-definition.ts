import { GovernanceError } from '@preceptor/client'
import { assertJsonObject, personText } from '@preceptor/core/plugin'
import { z } from 'zod'
import type { DefinitionProblem, WorkflowDefinition } from '../client/workflow-definition.ts'
import { MOST_PROBLEMS } from './most-problems.ts'

/** A definition that was read, or what is wrong with its form. */
export type ParsedDefinition =
  | { readonly definition: WorkflowDefinition; readonly problems: readonly [] }
  | { readonly definition: null; readonly problems: readonly DefinitionProblem[] }

const MOST_STEPS = 200
const MOST_BYTES = 262_144
const IDENTIFIER = /^[A-Za-z][A-Za-z0-9_]{0,63}$/
const BRANCH_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/
const HEADER_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/
const LONGEST_EXPRESSION = 2_000

const ONE_LINE = /^[^\p{Cc}\u2028\u2029]*$/u

// Names by which something is looked up: no object may have them of itself.
const isFree = (name: string): boolean => !(name in Object.prototype)
const notFree = ({ input }: { readonly input?: unknown }): string =>
  `${JSON.stringify(input)} is a name that every object has; another one is needed`
const id = z
  .string()
  .regex(IDENTIFIER, 'a letter, then letters, digits and _, 64 at most, are needed')
  .refine(isFree, { error: notFree })
const line = (longest: number): z.ZodType<string> =>
  personText(longest).refine((text) => ONE_LINE.test(text), 'one line is needed')
// The whole was checked to be JSON before.
const value = z.unknown()
const agent = z.string().min(1).max(128)
const frame = { id, title: line(200).optional() }
const next = { next: id.optional() }
const retry = z.strictObject({
  attempts: z.int().min(1).max(10).optional(),
  waitSeconds: z.number().min(0.1).max(3_600).optional(),
})
const tried = {
  agent: agent.optional(),
  retry: retry.optional(),
  timeoutSeconds: z.int().min(1).max(86_400).optional(),
  onError: id.optional(),
}

const agentStep = z.strictObject({
  ...frame,
  ...next,
  ...tried,
  type: z.literal('agent'),
  action: z.string().min(1).max(128),
  digest: z.string().min(1).max(128).optional(),
  args: value.optional(),
})
const apiCallStep = z.strictObject({
  ...frame,
  ...next,
  ...tried,
  type: z.literal('api_call'),
  method: z.enum(['GET', 'HEAD', 'PUT', 'DELETE', 'POST', 'PATCH']),
  url: value.refine((url) => url !== undefined, 'an address is needed'),
  headers: z.record(z.string().regex(HEADER_NAME), value).optional(),
  body: value.optional(),
})
const approvalStep = z.strictObject({
  ...frame,
  ...next,
  type: z.literal('approval'),
  agent: agent.optional(),
  question: z.union([line(500), z.record(z.string(), value)]),
  data: value.optional(),
  approvals: z.int().min(1).max(10).optional(),
  expiresInSeconds: z.int().min(60).max(2_592_000).optional(),
  onReject: id.optional(),
  onExpire: id.optional(),
})
const conditionStep = z.strictObject({
  ...frame,
  type: z.literal('condition'),
  branches: z
    .array(z.strictObject({ when: z.string().min(1).max(LONGEST_EXPRESSION), next: id }))
    .min(1)
    .max(50),
  otherwise: id.optional(),
})
const transformStep = z.strictObject({
  ...frame,
  ...next,
  type: z.literal('transform'),
  value: value.refine((given) => given !== undefined, 'a value is needed'),
})
const step: z.ZodType<unknown> = z.lazy(() =>
  z.discriminatedUnion('type', [agentStep, apiCallStep, approvalStep, conditionStep, parallelStep, transformStep]),
)
const steps = z.array(step).min(1).max(MOST_STEPS)
const parallelStep = z.strictObject({
  ...frame,
  ...next,
  type: z.literal('parallel'),
  branches: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(BRANCH_NAME, 'a letter, then letters, digits, _ and -, 64 at most, are needed')
          .refine(isFree, { error: notFree }),
        steps,
        onFailure: z.enum(['fail', 'ignore']).optional(),
      }),
    )
    .min(2)
    .max(20),
  join: z.enum(['all', 'any']).optional(),
  onError: id.optional(),
})
const definitionForm = z.strictObject({
  name: line(100),
  description: personText(4_000).optional(),
  agent,
  input: z.record(z.string(), value).optional(),
  steps,
  output: value.optional(),
})

/** Reads a definition from outside: its form only. Secrets in texts of people that can be recognised are gone. */
export function parseDefinition(given: unknown): ParsedDefinition {
  try {
    const json = assertJsonObject(given, { name: 'definition', maxBytes: MOST_BYTES })
    const result = definitionForm.safeParse(json)
    if (!result.success) return malformed(result.error.issues.slice(0, MOST_PROBLEMS).map(problemOf))
    // The schema reads each field of the type; what is optional is left out or there, because JSON has no undefined.
    const definition = result.data as WorkflowDefinition
    const count = countSteps(definition.steps)
    if (count <= MOST_STEPS) return { definition, problems: [] }
    const message = `There are ${count} steps in all lists together; at most ${MOST_STEPS} are supported.`
    return malformed([{ path: 'steps', code: 'malformed', message }])
  } catch (error) {
    if (!GovernanceError.isInstance(error)) throw error
    return malformed([{ path: '', code: 'malformed', message: error.message }])
  }
}

/** A place in a definition as text, such as `steps[2].branches[0].next`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    const name = String(part).slice(0, 100)
    if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${text}[${JSON.stringify(name)}]`
    return text === '' ? name : `${text}.${name}`
  }, '')
}

function malformed(problems: readonly DefinitionProblem[]): ParsedDefinition {
  return { definition: null, problems }
}

function problemOf(issue: z.core.$ZodIssue): DefinitionProblem {
  const message = issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys) : `${issue.message}.`
  return { path: pathText(issue.path), code: 'malformed', message }
}

function unknownKeys(keys: readonly string[]): string {
  const named = keys.slice(0, 5).map((key) => JSON.stringify(key.slice(0, 40)))
  return `Unknown ${keys.length === 1 ? 'key' : 'keys'} ${named.join(', ')}.`
}

function countSteps(list: WorkflowDefinition['steps']): number {
  return list.reduce(
    (count, one) =>
      count +
      1 +
      (one.type === 'parallel' ? one.branches.reduce((sum, branch) => sum + countSteps(branch.steps), 0) : 0),
    0,
  )
}
