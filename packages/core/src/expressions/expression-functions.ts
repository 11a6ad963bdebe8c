import {
  type CelFunc,
  type CelList,
  CelScalar,
  type CelValue,
  celEnv,
  celFunc,
  celList,
  celMethod,
  isCelError,
  isCelList,
  isCelMap,
  listType,
} from '@bufbuild/cel'
import { type ConditionFunctionOptions, conditionFunctions } from '../policy/condition-functions.ts'
import { CHARACTERS_PER_STEP, type Meter } from '../policy/condition-values.ts'
import { APPEND, EACH } from './meter-loops.ts'

const { DOUBLE, DYN, INT } = CelScalar
const LIST = listType(DYN)

/** Operators that go through whatever they are given, to the last item. */
const DEEP = new Set(['_==_', '_!=_', '@in'])

/** The functions of one expression: those of a condition, each of which pays for what it reads and makes. */
export function expressionFunctions(options: ConditionFunctionOptions): CelFunc[] {
  const { meter } = options
  const known = celEnv({ funcs: [...conditionFunctions(options), ...mixedArithmetic()] }).funcs
  return [...[...known].map((func) => metered(func, meter)), ...listFunctions(meter)]
}

/** The same function, paying first. */
function metered(func: CelFunc, meter: Meter): CelFunc {
  function call(target: CelValue | undefined, args: CelValue[]): CelValue {
    const values = target === undefined ? args : [target, ...args]
    for (const value of values) pay(value, meter, DEEP.has(func.name))
    const result = func.call(0, target, args)
    if (result === undefined || isCelError(result)) throw result ?? new Error(`no overload of ${func.name} fits`)
    return result
  }
  if (func.target === undefined) {
    return celFunc(func.name, func.arguments, DYN, (...args: CelValue[]) => call(undefined, args))
  }
  return celMethod(func.name, func.target, func.arguments, DYN, function (...args: CelValue[]) {
    return call(this, args)
  })
}

function pay(value: CelValue, meter: Meter, isDeep: boolean): void {
  meter.spend(1)
  if (typeof value === 'string') meter.spend(Math.floor(value.length / CHARACTERS_PER_STEP))
  if (!isDeep || typeof value !== 'object' || value === null) return
  if (isCelList(value)) for (const item of value) pay(item, meter, true)
  else if (isCelMap(value)) for (const item of value.values()) pay(item, meter, true)
}

/** JSON has one kind of number: whole ones of the source and those of the values go together. */
function mixedArithmetic(): CelFunc[] {
  const operators: Readonly<Record<string, (left: number, right: number) => number>> = {
    '_+_': (left, right) => left + right,
    '_-_': (left, right) => left - right,
    '_*_': (left, right) => left * right,
    '_/_': (left, right) => left / right,
  }
  const mixed = Object.entries(operators).flatMap(([name, operator]) => [
    celFunc(name, [INT, DOUBLE], DOUBLE, (left, right) => operator(Number(left), right)),
    celFunc(name, [DOUBLE, INT], DOUBLE, (left, right) => operator(left, Number(right))),
  ])
  return [
    ...mixed,
    celFunc('_%_', [INT, DOUBLE], DOUBLE, (left, right) => remainder(Number(left), right)),
    celFunc('_%_', [DOUBLE, INT], DOUBLE, (left, right) => remainder(left, Number(right))),
    celFunc('_%_', [DOUBLE, DOUBLE], DOUBLE, remainder),
  ]
}

function remainder(left: number, right: number): number {
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right) && right !== 0) return left % right
  throw new Error('it takes the remainder of what is no whole number')
}

function listFunctions(meter: Meter): CelFunc[] {
  const collected = new WeakMap<CelList, CelValue[]>()
  return [
    // The library's own keeps both lists, so that one which is made of many is as deep as they are many.
    celFunc('_+_', [LIST, LIST], LIST, (left, right) => {
      meter.spend(1 + left.size + right.size)
      return celList([...left, ...right])
    }),
    celFunc(EACH, [DYN, INT], DYN, (range, weight) => {
      if (!isCelList(range) && !isCelMap(range)) throw new Error('it goes through what is neither a list nor a map')
      meter.spend(range.size * Number(weight))
      return range
    }),
    // What a loop has collected so far is read by nothing but the loop itself, so it may grow where it is.
    celFunc(APPEND, [LIST, LIST], LIST, (list, item) => {
      const known = collected.get(list)
      known?.push(...item)
      if (known !== undefined) return list
      const items = [...list, ...item]
      const made = celList(items)
      collected.set(made, items)
      return made
    }),
  ]
}
