import { GovernanceError } from '@preceptor/client'
import { parseInput } from '@preceptor/core/plugin'
import { z } from 'zod'
import type { CollaborationMember } from '../../client/collaboration.ts'
import {
  DELEGATION_STATES,
  type Delegation,
  type DelegationQuery,
  type DelegationRequest,
} from '../../client/delegations.ts'
import type { MemberName } from '../../client/member-name.ts'
import { findMember } from '../members.ts'
import type { StoredCollaboration } from '../stored-collaboration.ts'
import { storedId, storedName, task } from '../texts.ts'

const request = z.strictObject({
  collaboration: storedId,
  to: storedName,
  task,
  priority: z.int().min(1).max(10).default(5),
  deadlineSeconds: z.int().min(1).max(2_592_000).nullable().default(null),
})

const query = z.strictObject({
  limit: z.unknown().optional(),
  cursor: z.unknown().optional(),
  collaboration: storedId.nullable().default(null),
  to: storedName.nullable().default(null),
  state: z.enum(DELEGATION_STATES).nullable().default(null),
})

/** A delegation, found valid. */
export interface ParsedDelegation {
  readonly collaboration: string
  readonly to: MemberName
  readonly task: string
  readonly priority: number
  readonly deadlineSeconds: number | null
}

/** Filters of a list of delegations, found valid. */
export interface DelegationFilter {
  readonly collaboration: string | null
  readonly to: MemberName | null
  readonly state: Delegation['state'] | null
}

/** @throws GovernanceError `INPUT_INVALID` */
export function parseDelegation(value: DelegationRequest): ParsedDelegation {
  return parseInput(request, value, 'delegation')
}

/** @throws GovernanceError `INPUT_INVALID` */
export function parseDelegationQuery(value: DelegationQuery): DelegationFilter {
  const { collaboration, to, state } = parseInput(query, value, 'query')
  return { collaboration, to, state }
}

/** The member to whom something is delegated. @throws GovernanceError `INPUT_INVALID` */
export function parseReceiver({ id, members }: StoredCollaboration, to: MemberName): CollaborationMember {
  const member = findMember(members, parseInput(storedName, to, 'to'))
  if (member?.role === 'member') return member
  const why = member === undefined ? `is no member of ${id}` : `leads ${id}`
  throw new GovernanceError('INPUT_INVALID', { message: `to: ${JSON.stringify(to.slice(0, 140))} ${why}.` })
}
