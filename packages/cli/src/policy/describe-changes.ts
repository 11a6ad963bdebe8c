import { visibleJson } from '@preceptor/client'
import type { PolicyChange } from '@preceptor/core'
import { table } from '../table.ts'

/** Whether a policy with these changes may let something run that the one before would not have. */
export function loosens(changes: readonly PolicyChange[]): boolean {
  return changes.some(({ effect }) => effect === 'looser' || effect === 'unclear')
}

/** Changes for people: which field, from what to what, and which way it goes. */
export function describeChanges(changes: readonly PolicyChange[]): string {
  if (changes.length === 0) return 'no change'
  return table(
    ['EFFECT', 'FIELD', 'BEFORE', 'AFTER'],
    changes.map(({ effect, path, before, after }) => [effect, path, shown(before), shown(after)]),
  )
}

function shown(value: PolicyChange['before']): string {
  return value === null ? '-' : visibleJson(value)
}
