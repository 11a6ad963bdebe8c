import type {
  ApiKey,
  ApiKeyRequest,
  HeartbeatAnswer,
  HeartbeatOptions,
  JournalEntry,
  JournalQuery,
  JournalVerification,
  KeyRotation,
  Membership,
  PolicyVersion,
  Presence,
  PresenceSession,
  PresenceState,
  PrincipalKind,
  Stop,
  StopRequest,
  StreamTicket,
  StreamTicketRequest,
  Workspace,
  WorkspaceRequest,
} from '@preceptor/client'
import { z } from 'zod'
import { agentId, id, jsonObject, nullableText, nullableTime, pageQuery, reason, role, time } from './common-schemas.ts'

const principalKind: z.ZodType<PrincipalKind> = z.enum(['user', 'agent', 'service', 'system'])
const name = z.string().min(1).max(200)

export const policyVersion: z.ZodType<PolicyVersion> = z.strictObject({
  version: z.int(),
  document: jsonObject,
  reason: z.string(),
  createdBy: z.string(),
  createdAt: nullableTime,
})

export const policyBody: z.ZodType<{ document: PolicyVersion['document']; basedOn: number; reason: string }> =
  z.strictObject({ document: jsonObject, basedOn: z.int().min(0), reason })

export const journalEntry: z.ZodType<JournalEntry> = z.strictObject({
  id: z.string(),
  sequence: z.nullable(z.int()),
  kind: z.string(),
  subjectId: z.string(),
  agent: nullableText,
  body: jsonObject,
  recordedAt: time,
  hash: nullableText,
})

export const journalQuery: z.ZodType<JournalQuery> = pageQuery.extend({
  agent: agentId.exactOptional(),
  subject: id.exactOptional(),
  kind: z.string().min(1).max(64).exactOptional(),
  actor: z.string().min(1).max(200).exactOptional(),
  from: z.iso.datetime({ offset: true }).exactOptional(),
  to: z.iso.datetime({ offset: true }).exactOptional(),
  after: z.coerce.number().int().min(0).exactOptional(),
})

export const journalVerification: z.ZodType<JournalVerification> = z.strictObject({
  ok: z.boolean(),
  checked: z.int(),
  unsealed: z.int(),
  head: z.strictObject({ sequence: z.int(), hash: z.string() }),
  anchor: z.nullable(z.strictObject({ checkpoints: z.int(), sequence: z.int(), takenAt: nullableTime })),
  problem: z.nullable(z.strictObject({ sequence: z.nullable(z.int()), what: z.string() })),
})

export const apiKey: z.ZodType<ApiKey> = z.strictObject({
  id: z.string(),
  displayName: z.string(),
  prefix: z.string(),
  principalKind,
  principalId: z.string(),
  roles: z.array(role),
  scopes: z.array(z.string()),
  agents: z.nullable(z.array(z.string())),
  source: nullableText,
  createdBy: z.string(),
  createdAt: time,
  expiresAt: nullableTime,
  revokedAt: nullableTime,
  lastUsedAt: nullableTime,
  replacedBy: nullableText,
})

export const createdApiKey: z.ZodType<{ key: ApiKey; secret: string }> = z.strictObject({
  key: apiKey,
  secret: z.string().meta({ description: 'Shown this once' }),
})

export const streamTicketBody: z.ZodType<StreamTicketRequest> = z.strictObject({
  path: z.string().max(302).meta({ description: 'Path of the stream below the address of the API, such as /events' }),
})

export const streamTicket: z.ZodType<StreamTicket> = z.strictObject({
  ticket: z.string().meta({ description: 'Shown this once' }),
  path: z.string(),
  expiresAt: time,
})

export const apiKeyBody: z.ZodType<ApiKeyRequest> = z.strictObject({
  displayName: name,
  principalKind,
  principalId: name,
  roles: z.array(role).max(3).exactOptional(),
  scopes: z.array(z.string().max(64)).max(500).exactOptional(),
  agents: z.array(agentId).min(1).max(200).exactOptional(),
  source: z.string().max(64).exactOptional(),
  expiresAt: z.iso.datetime({ offset: true }).exactOptional(),
})

export const keyRotationBody: z.ZodType<KeyRotation> = z.strictObject({
  overlapMs: z
    .int()
    .min(0)
    .max(604_800_000)
    .meta({ description: 'How long the old key still works; default 24 h, 0 revokes it at once' })
    .exactOptional(),
})

export const workspace: z.ZodType<Workspace> = z.strictObject({
  id: z.string(),
  displayName: z.string(),
  createdAt: time,
})

export const workspaceBody: z.ZodType<WorkspaceRequest> = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/),
  displayName: name.exactOptional(),
})

export const stop: z.ZodType<Stop> = z.strictObject({
  id: z.string(),
  target: z.enum(['agent', 'workspace', 'all']),
  agent: nullableText,
  reason: z.string(),
  setBy: z.string(),
  setAt: time,
  liftedBy: nullableText,
  liftedAt: nullableTime,
  liftReason: nullableText,
})

export const stopBody: z.ZodType<StopRequest> = z.strictObject({
  target: z.enum(['agent', 'workspace', 'all']),
  agent: agentId.exactOptional(),
  reason,
})

export const membership: z.ZodType<Membership> = z.strictObject({
  userId: z.string(),
  displayName: z.string(),
  roles: z.array(role),
  createdAt: time,
})

export const membershipBody: z.ZodType<Omit<Membership, 'createdAt'>> = z.strictObject({
  userId: name,
  displayName: name,
  roles: z.array(role).max(3),
})

const presenceState = z.enum(['online', 'away', 'offline'])

const presenceFields = z.strictObject({
  userId: z.string(),
  state: presenceState,
  lastActivityAt: nullableTime,
  override: z.nullable(z.strictObject({ state: presenceState, until: nullableTime })),
})

export const presence: z.ZodType<Presence> = presenceFields

export const heartbeatBody: z.ZodType<HeartbeatOptions | null> = z.nullable(
  z.strictObject({
    active: z.boolean().meta({ description: 'Whether a person acted, rather than a timer' }).exactOptional(),
    sessionId: z.nullable(id).meta({ description: 'The session that it comes from; null opens one' }).exactOptional(),
  }),
)

export const heartbeatAnswer: z.ZodType<HeartbeatAnswer> = presenceFields.extend({ sessionId: nullableText })

export const overrideBody: z.ZodType<{ readonly state: PresenceState; readonly until?: string | null }> =
  z.strictObject({
    state: presenceState,
    until: z.nullable(time).exactOptional(),
  })

export const presenceSession: z.ZodType<PresenceSession> = z.strictObject({
  id: z.string(),
  userId: z.string(),
  openedAt: time,
  lastHeartbeatAt: time,
  lastActivityAt: nullableTime,
  endedAt: nullableTime,
})
