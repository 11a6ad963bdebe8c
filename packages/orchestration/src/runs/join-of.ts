import type { ParallelStep } from '../client/workflow-definition.ts'
import type { BranchProgress, StepEnd } from '../steps/step.ts'

/** How a parallel step ends by what its branches have come to; null while it waits for more of them. */
export function joinOf({ branches, join = 'all' }: ParallelStep, progress: BranchProgress): StepEnd | null {
  const endOf = (name: string): BranchProgress[string] | undefined =>
    Object.hasOwn(progress, name) ? progress[name] : undefined
  const isThere = branches.some(({ name }) => endOf(name)?.state === 'succeeded')
  const isOver = branches.every(({ name }) => endOf(name) !== undefined)
  if (!(isOver || (join === 'any' && isThere))) return null
  const failed = branches.flatMap(({ name, onFailure = 'fail' }) => {
    const ended = endOf(name)
    // The first to succeed is enough; where none did, it is of no use that a failure was to be ignored.
    const counts = join === 'any' ? !isThere : onFailure === 'fail'
    return ended?.state === 'failed' && counts ? [{ name, failure: ended.failure }] : []
  })
  const [first] = failed
  if (first !== undefined) {
    const { code, message } = first.failure
    return { state: 'failed', failure: { code, message: `Branch ${first.name}: ${message}` } }
  }
  const outputs = branches.map(({ name }) => {
    const ended = endOf(name)
    return [name, ended?.state === 'succeeded' ? ended.output : null] as const
  })
  return { state: 'succeeded', output: Object.fromEntries(outputs) }
}
