import { GovernanceError, type JsonValue } from '@preceptor/client'
import { parseInput } from '@preceptor/core/plugin'
import { z } from 'zod'
import type { CollaborationMember } from '../../client/collaboration.ts'
import { findMember } from '../members.ts'
import { task } from '../texts.ts'

const MOST_DELEGATIONS = 50

const plan = z.strictObject({
  delegations: z
    .array(
      z.strictObject({
        to: z.string().min(1).max(210),
        task,
        priority: z.int().min(1).max(10),
        deadlineSeconds: z.int().min(1).max(2_592_000).optional(),
      }),
    )
    .min(1)
    .max(MOST_DELEGATIONS),
})

/** One delegation of a plan. */
export interface PlannedDelegation {
  readonly to: CollaborationMember
  readonly task: string
  readonly priority: number
  readonly deadlineSeconds: number | null
}

/** A plan that holds, or what is wrong with it. */
export type ParsedPlan =
  | { readonly state: 'valid'; readonly delegations: readonly PlannedDelegation[] }
  | { readonly state: 'invalid'; readonly problem: string }

/** Reads the plan of a lead. It is what an agent wrote: nothing in it is taken for granted. */
export function parsePlan(output: JsonValue, members: readonly CollaborationMember[]): ParsedPlan {
  try {
    const { delegations } = parseInput(plan, output, 'plan')
    return {
      state: 'valid',
      delegations: delegations.map(({ to, deadlineSeconds, ...one }, index) => ({
        ...one,
        to: receiverOf(members, to, index),
        deadlineSeconds: deadlineSeconds ?? null,
      })),
    }
  } catch (error) {
    if (!GovernanceError.isInstance(error)) throw error
    return { state: 'invalid', problem: error.message }
  }
}

function receiverOf(members: readonly CollaborationMember[], to: string, index: number): CollaborationMember {
  const member = findMember(members, to)
  if (member?.role === 'member') return member
  const why = member === undefined ? 'is no member of the collaboration' : 'leads it'
  throw new GovernanceError('INPUT_INVALID', {
    message: `plan.delegations.${index}.to: ${JSON.stringify(to.slice(0, 140))} ${why}.`,
  })
}
