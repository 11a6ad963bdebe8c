import type { Principal, Surface, TriggerSource } from '@preceptor/client'

/** Who does something, in which workspace, and what sets it off: an identity with its source settled. */
export interface Actor {
  readonly workspace: string
  readonly principal: Principal
  readonly source: TriggerSource
  /** What it came by, for what is counted; absent for the host itself. No right depends on it. */
  readonly surface?: Surface
}

/** The name under which an actor stands in records: `user:ana`, `agent:refund-bot`. */
export function actorName({ principal }: Pick<Actor, 'principal'>): string {
  return `${principal.kind}:${principal.id}`
}

/** Id of the user of a name in a record; undefined when it is that of something else. */
export function userOf(name: string): string | undefined {
  return name.startsWith('user:') ? name.slice('user:'.length) : undefined
}
