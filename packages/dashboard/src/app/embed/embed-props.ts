import type { ControlScope, Identity } from '@preceptor/client'
import type { ReactNode } from 'react'

/** What the provider is given. */
export interface PreceptorProviderProps {
  /** What the reader may do, such as `connectGovernor({ url, token }).as(identity)`. Keep it between renderings. */
  readonly scope: ControlScope
  /** Who reads; what is offered goes by it, and the server decides. Keep it between renderings. */
  readonly identity: Identity
  /** What the host has beside the gate itself: `learning`, `orchestration`. Keep it between renderings. */
  readonly features?: readonly string[]
  /** Milliseconds that the clock of the server is ahead of the browser's; default 0. */
  readonly clockOffset?: number
  /** Default: what the system of the reader has. */
  readonly theme?: 'system' | 'light' | 'dark'
  readonly children: ReactNode
}

/** What the inbox is given. */
export interface ApprovalInboxProps {
  /** The proposal that is open at first. */
  readonly proposal?: string
  /** Narrows the list to one agent. */
  readonly agent?: string
  /** Whoever reads follows a link to what is on no page of the inbox, such as `/agents/billing-bot`; default: nothing happens. */
  readonly onOpen?: (path: string) => void
}
