import type { ControlScope } from '@preceptor/client'
import type { Upstream } from '../upstream/upstream.ts'
import type { UpstreamNames } from '../upstream/upstream-names.ts'
import type { ProxiedTools } from './proxied-tools.ts'

/** A client, and the upstreams that were opened for it. */
export interface ProxySession {
  readonly scope: ControlScope
  readonly agent: string
  /** Names all that this client does, so that one supervision session watches it. */
  readonly run: string
  readonly names: UpstreamNames
  readonly upstreams: ReadonlyMap<string, Upstream>
  readonly tools: ReadonlyMap<string, ProxiedTools>
  /** Counts an attempt. @throws GovernanceError `RATE_LIMITED` */
  readonly admit: () => Promise<void> | undefined
}
