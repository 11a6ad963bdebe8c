import { GovernanceError } from '@preceptor/client'
import { isOperation } from '../access/permissions.ts'
import type { GovernorPlugin } from './plugin.ts'

const NAME = /^[a-z][a-z0-9_]{0,30}$/

/**
 * Checks the plugins of a governor: each has a name of its own, and its operations begin with it.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export function parsePlugins(plugins: readonly GovernorPlugin[]): readonly GovernorPlugin[] {
  const names = new Set<string>()
  for (const { port, permissions } of plugins) {
    if (!NAME.test(port.name) || port.name === 'core') throw invalid(`"${port.name}" is no name of one`)
    if (names.has(port.name)) throw invalid(`there are two named "${port.name}"`)
    names.add(port.name)
    for (const operation of Object.keys(permissions)) {
      if (isOperation(operation) || !operation.startsWith(`${port.name}.`)) {
        throw invalid(`the operation "${operation}" does not begin with "${port.name}."`)
      }
    }
  }
  return plugins
}

function invalid(problem: string): GovernanceError {
  return new GovernanceError('OPTION_INVALID', { message: `createGovernor: option "plugins": ${problem}.` })
}
