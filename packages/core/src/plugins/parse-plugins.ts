import { GovernanceError } from '@preceptor/client'
import { isOperation } from '../access/permissions.ts'
import type { GovernorPlugin, OpenPlugin } from './plugin.ts'

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

/**
 * Checks the jobs of a plugin: what is done elsewhere stands in a queue of the plugin, and all of that queue is.
 *
 * @throws GovernanceError `OPTION_INVALID`
 */
export function parseJobs(plugin: string, jobs: OpenPlugin['jobs']): void {
  const all = Object.entries(jobs)
  const [short] = all.find(([, { isLong, isElsewhere }]) => isElsewhere === true && isLong !== true) ?? []
  if (short !== undefined) throw invalid(`the job "${plugin}-${short}" is done elsewhere, and is not long`)
  const long = all.filter(([, { isLong }]) => isLong === true)
  // A worker takes whatever stands in a queue: of what it would have to leave it could only make a detour.
  const [here] = long.find(([, { isElsewhere }]) => isElsewhere !== true) ?? []
  const [elsewhere] = long.find(([, { isElsewhere }]) => isElsewhere === true) ?? []
  if (here !== undefined && elsewhere !== undefined) {
    throw invalid(`the job "${plugin}-${elsewhere}" is done elsewhere, and the long job "${plugin}-${here}" is not`)
  }
}

function invalid(problem: string): GovernanceError {
  return new GovernanceError('OPTION_INVALID', { message: `createGovernor: option "plugins": ${problem}.` })
}
