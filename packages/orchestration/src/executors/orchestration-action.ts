import type { ActionDefinition } from '@preceptor/client'
import type { AccessContext } from '@preceptor/core/plugin'

/** What an action of the plugin may need of the governor that it is opened on. */
export type ActionHost = Pick<AccessContext, 'outbound' | 'clock'>

/** An action that agent steps can name: a definition, or a function that makes one on the opened governor. */
export type OrchestrationAction = ActionDefinition | ((host: ActionHost) => ActionDefinition)

/** Makes the definitions. */
export function openActions(
  actions: Readonly<Record<string, OrchestrationAction>>,
  host: ActionHost,
): Readonly<Record<string, ActionDefinition>> {
  return Object.fromEntries(
    Object.entries(actions).map(([name, action]) => [name, typeof action === 'function' ? action(host) : action]),
  )
}
