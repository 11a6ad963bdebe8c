import type { Format } from '../formats/format.ts'
import type { Check } from './checks/check.ts'
import type { Strategy } from './strategy.ts'

/** The checks of a strategy that apply to a format, and those of the format; one of each name, the strategy's first. */
export function checksFor(strategy: Strategy, format: Format): readonly Check[] {
  const applying = strategy.checks.filter(({ kind }) => format.checkKinds.includes(kind))
  const names = new Set(applying.map(({ name }) => name))
  return [...applying, ...format.checks.filter(({ name }) => !names.has(name))]
}
