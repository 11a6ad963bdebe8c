import type { ControlScope, Identity, Presence, PresenceState } from '@preceptor/client'
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

/** What every component is given. */
export interface EmbeddedProps {
  /**
   * Whoever reads follows a link to what is on no page of the component, such as `/agents/billing-bot`: the path of it in
   * the dashboard. What is shown stays. Default: nothing happens.
   */
  readonly onOpen?: (path: string) => void
}

/** What the inbox is given. */
export interface ApprovalInboxProps extends EmbeddedProps {
  /** The proposal that is open at first; when it becomes another one, that is opened. */
  readonly proposal?: string
  /** Narrows the list to one agent. */
  readonly agent?: string
}

/** What the board of supervision is given. */
export interface SupervisionPanelProps extends EmbeddedProps {
  /** The session whose page is open at first; when it becomes another one, that is opened. Default: the board. */
  readonly session?: string
  /** Narrows the board to one agent at first. */
  readonly agent?: string
}

/** What the journey of an agent is given. */
export interface MaturityJourneyProps extends EmbeddedProps {
  /** Id of the agent. */
  readonly agent: string
  /** The capability with a record of its own that is shown at first; default: the agent as a whole. */
  readonly capability?: string
  /** Days that are shown at first; default 90. */
  readonly range?: 30 | 90 | 365
}

/** What is known of the presence of the person, and how they set it by hand. */
export interface UserActivity {
  /** Undefined until it was read, and for whoever does not supervise. */
  readonly presence: Presence | undefined
  /**
   * Sets it by hand, until a time (ISO 8601) or until it is taken away; `online` lasts 8 h unless a time is given, and
   * 24 h at most.
   *
   * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, `NOT_FOUND` for who is no member.
   */
  override(state: PresenceState, until?: string | null): Promise<Presence>
  /** Lets activity count again. @throws GovernanceError as `override`. */
  clearOverride(): Promise<Presence>
}
