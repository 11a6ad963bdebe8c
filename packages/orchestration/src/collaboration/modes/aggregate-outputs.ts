import type { JsonValue } from '@preceptor/client'
import { canonicalJson } from '@preceptor/core/plugin'
import type {
  CollaborationFailure,
  CollaborationTurn,
  MajorityOutput,
  ParallelSettings,
} from '../../client/collaboration.ts'
import { failureOf } from './failure-of.ts'

/** How a parallel collaboration stands. */
export type ParallelStanding =
  | { readonly state: 'open' }
  | { readonly state: 'completed'; readonly output: JsonValue }
  | { readonly state: 'failed'; readonly failure: CollaborationFailure }

/** Works out what comes of the turns of a parallel collaboration, in the order of the members. */
export function aggregateOutputs(
  { result, onFailure }: Required<ParallelSettings>,
  turns: readonly CollaborationTurn[],
): ParallelStanding {
  const failed = turns.filter(({ state }) => state === 'failed').sort(byEnd)[0]
  const first = turns.filter(({ state }) => state === 'succeeded').sort(byEnd)[0]
  if (result === 'first' && first !== undefined) return { state: 'completed', output: first.output }
  if (failed !== undefined && onFailure === 'fail') return { state: 'failed', failure: failureOf(failed) }
  if (turns.some(({ state }) => state === 'open')) return { state: 'open' }
  if (failed !== undefined && first === undefined) return { state: 'failed', failure: failureOf(failed) }
  const output = result === 'majority' ? majorityOf(turns) : collected(turns)
  return { state: 'completed', output: { ...output } }
}

function collected(turns: readonly CollaborationTurn[]): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(turns.map(({ member, output }) => [member, output]))
}

/** Outputs are the same when their canonical JSON is; more than half of all who were asked have to give it. */
function majorityOf(turns: readonly CollaborationTurn[]): MajorityOutput {
  const groups = new Map<string, CollaborationTurn[]>()
  for (const turn of turns) {
    if (turn.state !== 'succeeded') continue
    const text = canonicalJson(turn.output)
    groups.set(text, [...(groups.get(text) ?? []), turn])
  }
  const asked = turns.length
  const agreed = [...groups.values()].find((group) => group.length * 2 > asked)
  const [one] = agreed ?? []
  if (agreed === undefined || one === undefined) return { outcome: 'no_majority', asked }
  return { outcome: 'agreed', value: one.output, members: agreed.map(({ member }) => member), asked }
}

function byEnd(one: CollaborationTurn, other: CollaborationTurn): number {
  return (one.endedAt ?? '').localeCompare(other.endedAt ?? '')
}
