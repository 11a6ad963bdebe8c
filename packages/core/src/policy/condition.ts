import { celEnv, isCelError, plan } from '@bufbuild/cel'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { GovernanceError, type JsonObject } from '@preceptor/client'
import { conditionFunctions } from './condition-functions.ts'
import { assertBounded, CONDITION_RULES, CONDITION_VARIABLES } from './condition-guard.ts'
import { createMeter, type Meter, meteredMap } from './condition-values.ts'
import { parseSource } from './parse-source.ts'

/** What a condition is evaluated on; texts are empty where there is none. */
export interface ConditionVariables {
  readonly args: JsonObject
  readonly agent: string
  readonly action: string
  readonly resource: string
  readonly source: string
  readonly type: string
  /** ISO 8601, UTC; a timestamp in the condition. */
  readonly now: string
}

/** A compiled condition. */
export interface Condition {
  readonly source: string
  readonly evaluate: (variables: ConditionVariables) => unknown
}

const LONGEST_SOURCE = 512

/**
 * Compiles a condition: CEL without user functions, nested or list-making comprehensions, with at most 512 characters
 * and 64 literals.
 *
 * @throws GovernanceError `CONDITION_INVALID` naming what is not supported.
 */
export function compileCondition(source: string): Condition {
  const { expr } = parseSource(source, LONGEST_SOURCE, invalid)
  const patterns = assertBounded(expr, CONDITION_RULES, invalid)
  const meter = createMeter()
  const program = plan(celEnv({ funcs: conditionFunctions({ patterns, meter, invalid }) }), expr)
  return {
    source,
    evaluate: (variables) => {
      meter.refill()
      const result = program(bind(variables, meter))
      return meter.isEmpty() ? undefined : result
    },
  }
}

/**
 * Whether a condition holds. As in CEL, `||` and `&&` take the side that decides, also when the other one fails; `has`
 * and `in` take a field that is null for a missing one.
 *
 * @throws GovernanceError `CONDITION_FAILED` for anything but true and false: a missing field, a type that does not fit,
 * more work than a condition may take.
 */
export function evaluateCondition(condition: Condition, variables: ConditionVariables): boolean {
  const result = attempt(condition, variables)
  if (typeof result === 'boolean') return result
  throw new GovernanceError('CONDITION_FAILED', {
    message: `The condition ${JSON.stringify(condition.source)} could not be evaluated to true or false.`,
    ...(isCelError(result) ? { cause: result } : {}),
  })
}

function attempt(condition: Condition, variables: ConditionVariables): unknown {
  try {
    return condition.evaluate(variables)
  } catch (error) {
    throw new GovernanceError('CONDITION_FAILED', {
      message: `The condition ${JSON.stringify(condition.source)} could not be evaluated.`,
      cause: error,
    })
  }
}

/** Only these names can be found; nothing is inherited. */
function bind(variables: ConditionVariables, meter: Meter): Record<string, never> {
  const bound: object = Object.create(null)
  for (const name of CONDITION_VARIABLES) {
    if (name === 'args') Reflect.set(bound, name, meteredMap(variables.args, meter))
    else if (name === 'now') Reflect.set(bound, name, timestampFromMs(Date.parse(variables.now)))
    else Reflect.set(bound, name, variables[name])
  }
  return bound as Record<string, never>
}

function invalid(problem: string, cause?: unknown): GovernanceError {
  return new GovernanceError('CONDITION_INVALID', {
    message: `The condition is not valid: ${problem}.`,
    ...(cause === undefined ? {} : { cause }),
  })
}
