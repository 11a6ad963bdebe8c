import type { ActionDefinitions } from '@preceptor/client'
import { specifyAction } from './specify-action.ts'

/**
 * Checks declarations of actions and gives them back, so that a mistake shows where they are written.
 *
 * @throws GovernanceError `INPUT_INVALID` naming the action and what is wrong with it.
 * @example
 * ```ts
 * import { defineActions } from '@preceptor/core'
 * import { z } from 'zod'
 *
 * export const actions = defineActions({
 *   'refund.create': { args: z.object({ cents: z.int() }), risk: 'high', idempotent: true },
 * })
 * ```
 */
export function defineActions<const Definitions extends ActionDefinitions>(definitions: Definitions): Definitions {
  for (const [name, definition] of Object.entries(definitions)) specifyAction(name, definition)
  return definitions
}
