import { GovernanceError, type JsonObject } from '@preceptor/client'
import { parseInput } from '@preceptor/core/plugin'
import { z } from 'zod'
import {
  COLLABORATION_MODES,
  COLLABORATION_STATES,
  type CollaborationMember,
  type CollaborationMemberRequest,
  type CollaborationQuery,
  type CollaborationRequest,
} from '../client/collaboration.ts'
import type { MemberName } from '../client/member-name.ts'
import { parseRule } from './consensus/parse-consensus.ts'
import { memberName } from './members.ts'
import type { StoredCollaboration } from './stored-collaboration.ts'
import { parseJsonObject, storedId, storedName, task } from './texts.ts'

/** Members of a collaboration at most. */
export const MOST_MEMBERS = 50

const memberSchema: z.ZodType<CollaborationMemberRequest> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('agent'),
    id: z.string().min(1).max(128),
    action: z.string().min(1).max(128).exactOptional(),
    role: z.enum(['lead', 'member']).exactOptional(),
  }),
  z.strictObject({ kind: z.literal('user'), id: storedId }),
])

const request = z
  .strictObject({
    mode: z.enum(COLLABORATION_MODES),
    task,
    members: z.array(memberSchema).min(1).max(MOST_MEMBERS),
    context: z.unknown().optional(),
    parallel: z
      .strictObject({
        result: z.enum(['collect', 'first', 'majority']).default('collect'),
        onFailure: z.enum(['fail', 'ignore']).default('fail'),
      })
      .optional(),
    hierarchical: z.strictObject({ parallel: z.int().min(1).max(20).default(5) }).optional(),
    // Read by `parseRule`.
    consensus: z.unknown().optional(),
  })
  .superRefine(({ mode, ...settings }, check) => {
    for (const part of ['parallel', 'hierarchical', 'consensus'] as const) {
      if (settings[part] !== undefined && part !== mode) {
        check.addIssue({ code: 'custom', path: [part], message: `is for the mode ${part} only` })
      }
    }
  })

/** What a request asks for, found valid. */
export type CollaborationDraft = Pick<StoredCollaboration, 'mode' | 'task' | 'settings' | 'members'> & {
  readonly context: JsonObject
}

/** @throws GovernanceError `INPUT_INVALID` naming the fields. */
export function parseCollaboration(value: CollaborationRequest): CollaborationDraft {
  const asked = parseInput(request, value, 'collaboration')
  const members = asked.members.map(toMember)
  assertDistinct(members)
  return {
    mode: asked.mode,
    task: asked.task,
    members,
    settings: settingsOf(asked, value.consensus),
    context: parseJsonObject(asked.context ?? {}, 'context'),
  }
}

function settingsOf(
  asked: z.output<typeof request>,
  rule: CollaborationRequest['consensus'],
): StoredCollaboration['settings'] {
  switch (asked.mode) {
    case 'sequential':
      return {}
    case 'parallel':
      return { parallel: asked.parallel ?? { result: 'collect', onFailure: 'fail' } }
    case 'hierarchical':
      return { hierarchical: asked.hierarchical ?? { parallel: 5 } }
    case 'consensus':
      return { consensus: parseRule(rule ?? {}, asked.task) }
    default:
      return asked.mode satisfies never
  }
}

/** @throws GovernanceError `INPUT_INVALID` */
export function parseMember(value: CollaborationMemberRequest): CollaborationMember {
  return toMember(parseInput(memberSchema, value, 'member'))
}

/** @throws GovernanceError `INPUT_INVALID` */
export function parseMemberName(value: string, field = 'member'): MemberName {
  return parseInput(storedName, value, field)
}

const query = z.strictObject({
  limit: z.unknown().optional(),
  cursor: z.unknown().optional(),
  mode: z.enum(COLLABORATION_MODES).optional(),
  state: z.enum(COLLABORATION_STATES).optional(),
})

/** @throws GovernanceError `INPUT_INVALID` */
export function parseCollaborationQuery(value: CollaborationQuery): {
  readonly mode: StoredCollaboration['mode'] | null
  readonly state: NonNullable<CollaborationQuery['state']> | null
} {
  const { mode = null, state = null } = parseInput(query, value, 'query')
  return { mode, state }
}

function toMember(member: CollaborationMemberRequest): CollaborationMember {
  const { kind, id: memberId } = member
  return {
    name: memberName(member),
    kind,
    id: memberId,
    role: (kind === 'agent' ? member.role : undefined) ?? 'member',
    action: (kind === 'agent' ? member.action : undefined) ?? null,
  }
}

function assertDistinct(members: readonly CollaborationMember[]): void {
  const names = new Set(members.map((member) => member.name))
  if (names.size < members.length) throw invalid('somebody is there twice')
  if (members.filter(({ role }) => role === 'lead').length > 1) throw invalid('one of them can lead')
}

function invalid(problem: string): GovernanceError {
  return new GovernanceError('INPUT_INVALID', { message: `collaboration.members: ${problem}.` })
}
