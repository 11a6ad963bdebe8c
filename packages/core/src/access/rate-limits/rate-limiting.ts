import { type AdmissionRequest, GovernanceError, type RateLimitGroup } from '@preceptor/client'
import type { GovernorContext } from '../../context.ts'
import { hashCredential } from '../api-key-secret.ts'
import { type Bucket, type Buckets, createBuckets } from './buckets.ts'
import { countOnRedis } from './count-on-redis.ts'
import { type CredentialLook, createCredentialLook } from './failed-credentials.ts'
import { insure } from './insured-counter.ts'
import type { LimitStore } from './limit-counter.ts'
import type { RateLimits } from './rate-limit-options.ts'
import { countInDatabase } from './rate-limit-store.ts'

/** The rate limits of one governor. */
export interface RateLimiting {
  /** @throws GovernanceError `RATE_LIMITED`, also out of the promise. */
  admit(request: AdmissionRequest): Promise<void> | undefined
  /** @throws GovernanceError `RATE_LIMITED`, or what the identification throws. */
  readonly look: CredentialLook
  close(): Promise<void>
}

/** What rate limits stand on. */
export interface RateLimitingOptions {
  readonly context: Pick<GovernorContext, 'clock' | 'database' | 'report'>
  readonly limits: RateLimits
  /** Address of Redis; without it the counts are in the database. */
  readonly redisUrl: string | undefined
  readonly prefix: string
}

const DEADLINE_MS = 500
const TELL_AGAIN_MS = 60_000

/** Opens the rate limits; while their store is away each process counts for itself. */
export function openRateLimiting(options: RateLimitingOptions): RateLimiting {
  const { context, limits } = options
  const { clock } = context
  const store = openStore(options)
  const onAway = tellOnce(context)
  const bucketsOf = (group: RateLimitGroup): Buckets | undefined => {
    const limit = limits[group]
    if (limit === undefined) return undefined
    const counter = insure(store.open(limit), { clock, deadlineMs: DEADLINE_MS, onAway })
    return createBuckets({ group, limit, counter, clock, disguise: hashCredential })
  }
  const failed = bucketsOf('credentials')
  const look = failed && createCredentialLook({ buckets: failed, clock, trustedProxies: limits.trustedProxies })
  return {
    admit: createAdmission({
      principals: bucketsOf('principal'),
      agents: bucketsOf('agent'),
      workspaces: bucketsOf('workspace'),
    }),
    look: look ?? ((_, identify) => identify()),
    close: () => store.close(),
  }
}

function openStore({ context, redisUrl, prefix }: RateLimitingOptions): LimitStore {
  if (redisUrl === undefined) return countInDatabase(context.database, DEADLINE_MS)
  return countOnRedis({ url: redisUrl, prefix, deadlineMs: DEADLINE_MS })
}

function tellOnce({ clock, report }: RateLimitingOptions['context']): (error: unknown) => void {
  let toldAt = Number.NEGATIVE_INFINITY
  return (error) => {
    if (clock.monotonic() - toldAt < TELL_AGAIN_MS) return
    toldAt = clock.monotonic()
    const why = error instanceof Error ? error.message : String(error)
    const code = GovernanceError.isInstance(error) ? error.code : 'STORE_UNAVAILABLE'
    report({ level: 'warn', code, message: `Rate limits are counted by each process for itself: ${why}` })
  }
}

interface Admission {
  readonly principals: Buckets | undefined
  readonly agents: Buckets | undefined
  readonly workspaces: Buckets | undefined
}

function createAdmission({ principals, agents, workspaces }: Admission): RateLimiting['admit'] {
  const own = new WeakMap<Caller, readonly Bucket[]>()

  function bucketsOf(caller: Caller): readonly Bucket[] {
    const known = own.get(caller)
    if (known !== undefined) return known
    const { workspace, principal } = caller
    const isMachine = principal.kind === 'agent' || principal.kind === 'service'
    const buckets = [
      principals?.of(workspace, `${principal.kind}:${principal.id}`),
      // People are never kept from the kill switch by what their agents send.
      isMachine ? workspaces?.of(workspace, '') : undefined,
    ].filter((bucket) => bucket !== undefined)
    own.set(caller, buckets)
    return buckets
  }

  return ({ identity, agent }) => {
    if (agent === undefined) return takeAll(bucketsOf(identity))
    return actsFor(identity, agent) ? agents?.of(identity.workspace, agent).take() : undefined
  }
}

type Caller = AdmissionRequest['identity']

function takeAll(buckets: readonly Bucket[]): Promise<void> | undefined {
  const waiting: Promise<void>[] = []
  try {
    for (const bucket of buckets) {
      const pending = bucket.take()
      if (pending !== undefined) waiting.push(pending)
    }
  } catch (error) {
    // Those that were asked already answer to nobody.
    for (const pending of waiting) pending.catch(() => undefined)
    throw error
  }
  return waiting.length === 0 ? undefined : Promise.all(waiting).then(() => undefined)
}

/** Who may not act for an agent uses up nothing of it. */
function actsFor({ principal: { kind, id, agents } }: Caller, agent: string): boolean {
  if (kind === 'agent') return id === agent
  return agents === undefined || agents.includes(agent)
}
