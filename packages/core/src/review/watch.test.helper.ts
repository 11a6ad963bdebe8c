import type {
  ConfidenceEntry,
  GuardOptions,
  GuardResult,
  JsonObject,
  SupervisionSession,
  Trigger,
} from '@preceptor/client'
import { beforeAll } from 'vitest'
import type { GovernorOptions } from '../options.ts'
import { type Plane, usePlane } from './plane.test.helper.ts'

/** A plane with a supervised agent whose runs the reviewer may watch. */
export interface WatchedPlane extends Plane {
  /** Keys of what ran. */
  readonly ran: string[]
  /** One step of the supervised agent under a guard. */
  step(action: string, more?: Partial<Trigger>, options?: GuardOptions): Promise<GuardResult<string>>
  /** What the supervised agent earned or lost, once all evidence is counted. */
  earned(): Promise<readonly ConfidenceEntry[]>
  /** The last session of the supervised agent. */
  session(): Promise<SupervisionSession>
}

/** Opens it for the tests of a file, with a reviewer whose record is good enough, and nobody online. */
export function useWatch(options: () => GovernorOptions): WatchedPlane {
  const plane = usePlane(options)
  const ran: string[] = []
  let count = 0
  beforeAll(async () => {
    const { admin } = plane.test
    await admin.policies.put({ supervision: { reviewers: true } }, { basedOn: 0, reason: 'a test' })
    await admin.members.put('sam', { displayName: 'sam', roles: ['supervisor'] })
    // Whatever a person does in a test, nobody counts as online unless a test says so.
    await plane.test.user('sam', 'supervisor').presence.override('sam', { state: 'offline' })
    await admin.agents.register({
      id: 'bot',
      maturity: 'supervised',
      ownerId: 'olga',
      category: 'Support',
      capabilities: ['note', 'refund', 'ledger', 'order', 'mail'],
    })
    const host = plane.test.governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
    const execute = ({ args }: { readonly args: JsonObject }): number => ran.push(String(args.name))
    await host.registerActions({
      'order.read': { risk: 'safe' },
      'mail.draft': { risk: 'medium', execute },
      'mail.send': { risk: 'high', execute },
    })
    await plane.earn()
  }, 60_000)
  return Object.defineProperties(
    {
      ran,
      step(action: string, more: Partial<Trigger> = {}, waiting: GuardOptions = {}) {
        count += 1
        const idempotencyKey = `step-${count}`
        const trigger = {
          agent: 'bot',
          action,
          args: { number: count },
          type: 'agent_message',
          idempotencyKey,
          ...more,
        }
        const run = (): string => {
          ran.push(trigger.idempotencyKey)
          return trigger.idempotencyKey
        }
        return plane.test.agent('bot').guard(trigger, run, waiting)
      },
      async earned() {
        await plane.test.governor.jobs.run('count-evidence', {})
        return (await plane.test.admin.agents.confidence('bot')).items
      },
      async session() {
        const { items } = await plane.test.admin.sessions.list({ agent: 'bot' })
        const [last] = items
        if (last === undefined) throw new Error('There is no session.')
        return last
      },
    },
    Object.getOwnPropertyDescriptors(plane),
  ) as WatchedPlane
}
