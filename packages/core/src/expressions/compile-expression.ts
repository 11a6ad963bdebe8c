import { celEnv, isCelError, plan } from '@bufbuild/cel'
import { GovernanceError, type JsonValue } from '@preceptor/client'
import { assertBounded } from '../policy/condition-guard.ts'
import { CHARACTERS_PER_STEP, createMeter, type Meter, toConditionValue } from '../policy/condition-values.ts'
import { parseSource } from '../policy/parse-source.ts'
import { expressionFunctions } from './expression-functions.ts'
import { meterLoops } from './meter-loops.ts'
import { namedPaths } from './named-paths.ts'
import { toJson } from './to-json.ts'

/** A compiled expression that makes a JSON value of others. */
export interface CompiledExpression {
  readonly source: string
  /** What it names, as far as that is written down in it, such as `['steps', 'review', 'total']`. */
  readonly references: readonly (readonly string[])[]
  /**
   * Evaluates it. Variables without a value are missing. Under one budget, several evaluations together take no more work
   * than one alone.
   *
   * @throws GovernanceError `EXPRESSION_FAILED` for a missing field, a type that does not fit, more work than an
   * expression may take, and a result that JSON does not have.
   */
  evaluate(values: Readonly<Record<string, JsonValue>>, budget?: ExpressionBudget): JsonValue
}

/** How much work evaluations may take together. */
export type ExpressionBudget = Pick<Meter, 'spend' | 'isEmpty'>

/** What an expression is compiled for. */
export interface ExpressionOptions {
  /** The names that it can use. */
  readonly variables: readonly string[]
}

const LONGEST_SOURCE = 2_000
const MOST_LITERALS = 256
const DEEPEST_LOOPS = 2
const STEPS = 100_000

/**
 * Compiles an expression: CEL as in the conditions of policies, and besides `map()`, `filter()`, comprehensions two levels
 * deep, `string()`, and arithmetic of whole numbers with others. At most 2,000 characters and 256 literals.
 *
 * @throws GovernanceError `CONDITION_INVALID` naming what is not supported.
 * @example
 * ```ts
 * import { compileExpression } from '@preceptor/core/plugin'
 *
 * const total = compileExpression('input.lines.map(line, line.cents * 2)', { variables: ['input'] })
 * total.evaluate({ input: { lines: [{ cents: 5 }, { cents: 2.5 }] } }) // [10, 5]
 * ```
 */
export function compileExpression(source: string, { variables }: ExpressionOptions): CompiledExpression {
  const { expr } = parseSource(source, LONGEST_SOURCE, invalid)
  const rules = { variables, mostLiterals: MOST_LITERALS, deepestLoops: DEEPEST_LOOPS, makesValues: true }
  const patterns = assertBounded(expr, rules, invalid)
  const references = namedPaths(expr, variables)
  const environment = patterns.size === 0 ? PLAIN : environmentOf(patterns)
  const { spending } = environment
  const program = plan(environment.env, meterLoops(expr))
  return {
    source,
    references,
    evaluate(values, budget = expressionBudget()) {
      environment.payFrom(budget)
      try {
        spending.spend(1 + Math.floor(source.length / CHARACTERS_PER_STEP))
        const result = program(bind(variables, values, spending))
        if (isCelError(result)) throw result
        // What failed for want of steps may have been passed over by `||` and `&&`.
        if (spending.isEmpty()) throw new Error('it reads more than it may')
        return toJson(result, spending)
      } catch (cause) {
        throw failed(source, cause)
      }
    },
  }
}

/** Makes a budget of so many steps, about a value read or a function called each; by default that of one expression. */
export function expressionBudget(steps: number = STEPS): ExpressionBudget {
  return createMeter(steps)
}

/** The functions of expressions, and who pays for them. */
interface Environment {
  readonly env: ReturnType<typeof celEnv>
  readonly spending: Meter
  /** Says which budget pays from here on. */
  payFrom(budget: ExpressionBudget): void
}

function environmentOf(patterns: ReadonlySet<string>): Environment {
  let meter = expressionBudget()
  const spending: Meter = {
    refill: () => undefined,
    spend: (steps) => meter.spend(steps),
    isEmpty: () => meter.isEmpty(),
  }
  return {
    env: celEnv({ funcs: expressionFunctions({ patterns, meter: spending, invalid }) }),
    spending,
    payFrom(budget) {
      meter = budget
    },
  }
}

// To make one takes much longer than to compile most expressions. Evaluations never overlap, so all can share it.
const PLAIN = environmentOf(new Set())

/** Only these names can be found; nothing is inherited. */
function bind(
  variables: readonly string[],
  values: Readonly<Record<string, JsonValue>>,
  meter: Meter,
): Record<string, never> {
  const bound: object = Object.create(null)
  for (const name of variables) {
    if (Object.hasOwn(values, name)) Reflect.set(bound, name, toConditionValue(values[name] ?? null, meter))
  }
  return bound as Record<string, never>
}

function invalid(problem: string, cause?: unknown): GovernanceError {
  return new GovernanceError('CONDITION_INVALID', {
    message: `The expression is not valid: ${problem}.`,
    ...(cause === undefined ? {} : { cause }),
  })
}

function failed(source: string, cause: unknown): GovernanceError {
  return new GovernanceError('EXPRESSION_FAILED', {
    message: `The expression ${JSON.stringify(source)} could not be evaluated${problemOf(source, cause)}.`,
    cause,
  })
}

const OVERLOAD = /^found no matching overload for '[^']*' applied to '[\w.,() ]*'$/
const MISSING = /^(?:field not found|no such key): (.+)$/s
const OWN = /^(?:it|the result|a key) [A-Za-z ]+$/

/** What the problem was, where that tells nothing of the values: types, and names that stand in the source anyway. */
function problemOf(source: string, cause: unknown): string {
  const message = cause instanceof Error ? cause.message : ''
  const [, missing] = MISSING.exec(message) ?? []
  if (missing !== undefined && source.includes(missing)) return `: there is no ${JSON.stringify(missing)}`
  return OVERLOAD.test(message) || OWN.test(message) ? `: ${message}` : ''
}
