import { GovernanceError } from '@preceptor/client'
import type { z } from 'zod'
import { compileCondition } from './condition.ts'
import type { PolicyDocument } from './policy-document.ts'
import { POLICY_SHAPE } from './policy-shape.ts'

/** What is wrong with a policy document, and where. */
export interface PolicyProblem {
  /** Names and indexes from the document down; of a field that is missing, the path that it would have. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** A document that was read, or what keeps it from being one. */
export type PolicyReading =
  | { readonly document: PolicyDocument; readonly problems: readonly [] }
  | { readonly document: null; readonly problems: readonly PolicyProblem[] }

/** Reads a document and tells everything that is wrong with it, first by field, then between fields. */
export function readPolicyDocument(document: unknown): PolicyReading {
  const hidden = hiddenAction(document)
  if (hidden !== undefined) return { document: null, problems: [hidden] }
  const result = POLICY_SHAPE.safeParse(document)
  if (!result.success) return { document: null, problems: result.error.issues.flatMap(problemsOf) }
  const problems = [
    ...namedTwice(result.data.limits ?? []),
    ...vainTargets(result.data.limits ?? []),
    ...badConditions(result.data.actions ?? {}),
  ]
  return problems.length === 0 ? { document: result.data, problems: [] } : { document: null, problems }
}

/** A rule under this name would be read as none: what looks a name up does not find it. */
function hiddenAction(document: unknown): PolicyProblem | undefined {
  const actions: unknown = Object(document).actions
  if (!Object.hasOwn(Object(actions), '__proto__')) return undefined
  return { path: ['actions', '__proto__'], message: 'no action has this name' }
}

type Issue = z.core.$ZodIssue

function problemsOf(issue: Issue): readonly PolicyProblem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], message: `there is no field ${JSON.stringify(key)}` }))
    case 'invalid_value':
      return [{ path, message: `it is one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}` }]
    case 'invalid_key':
      return [{ path, message: issue.issues[0]?.message ?? issue.message }]
    case 'invalid_type':
      return [{ path, message: issue.input === undefined ? typeMessage(issue) : issue.message }]
    default:
      return [{ path, message: issue.message }]
  }
}

function typeMessage({ message }: Issue): string {
  return message.endsWith('received undefined') ? 'it is missing' : message
}

type Limits = NonNullable<PolicyDocument['limits']>

function namedTwice(limits: Limits): readonly PolicyProblem[] {
  const names = limits.map((limit) => limit.name)
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ path: ['limits', index, 'name'], message: `two limits are named ${JSON.stringify(name)}` }],
  )
}

/** A target that nothing is counted by would be a limit that is not there. */
function vainTargets(limits: Limits): readonly PolicyProblem[] {
  return limits.flatMap(({ name, target, scope }, index) =>
    target === undefined || scope === 'target'
      ? []
      : [
          {
            path: ['limits', index, 'target'],
            message: `the limit ${JSON.stringify(name)} names a target and is not of the scope "target"`,
          },
        ],
  )
}

function badConditions(actions: NonNullable<PolicyDocument['actions']>): readonly PolicyProblem[] {
  return Object.entries(actions).flatMap(([action, { when }]) => {
    const problem = when === undefined ? undefined : conditionProblem(when)
    return problem === undefined ? [] : [{ path: ['actions', action, 'when'], message: problem }]
  })
}

function conditionProblem(when: string): string | undefined {
  try {
    compileCondition(when)
    return undefined
  } catch (cause) {
    return (GovernanceError.isInstance(cause) ? cause.message : 'it does not compile').replace(/\.$/, '')
  }
}
