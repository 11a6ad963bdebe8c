import type { ControlPlane, ControlScope, Identity } from '@preceptor/client'

/** A plane that knows who this is. */
export interface Connected {
  readonly governor: ControlPlane
  readonly identity: Identity
  readonly scope: ControlScope
}

/** Connects to the plane of a command line, once. */
export type Reach = () => Promise<Connected>
