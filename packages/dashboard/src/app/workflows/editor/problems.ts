import { GovernanceError } from '@preceptor/client'
import type { DefinitionProblem } from '@preceptor/orchestration/client'

/** Problems by the path that they name, each path with all of its messages. */
export type Problems = ReadonlyMap<string, string>

/** Groups what the server says by path. */
export function problemsByPath(problems: readonly DefinitionProblem[]): Problems {
  const byPath = new Map<string, string>()
  for (const { path, message } of problems) {
    const before = byPath.get(path)
    byPath.set(path, before === undefined ? message : `${before} ${message}`)
  }
  return byPath
}

/** What is said of a path: of the field itself, or of something inside of it. */
export function problemAt(problems: Problems, path: string): string | undefined {
  const own = problems.get(path)
  if (own !== undefined) return own
  const inside = [...problems].filter(([at]) => at.startsWith(`${path}.`) || at.startsWith(`${path}[`))
  return inside.length === 0 ? undefined : inside.map(([at, message]) => `${at}: ${message}`).join(' ')
}

/** The problems that an error of the server names; none for another error. */
export function problemsOfError(error: unknown): readonly DefinitionProblem[] {
  if (!GovernanceError.isInstance(error)) return []
  const { problems } = error.details
  return Array.isArray(problems) ? problems.filter(isProblem) : []
}

function isProblem(value: unknown): value is DefinitionProblem {
  return typeof value === 'object' && value !== null && 'path' in value && 'message' in value
}
