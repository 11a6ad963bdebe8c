import type { ProposalCard } from '../resources/proposal-card.ts'
import type { Proposal, RejectionCategory, ReviewedVersion } from '../resources/records.ts'
import type { Identity } from './principal.ts'

/** Somebody who came in through a channel, as the channel knows them. */
export interface ChannelVisitor {
  readonly workspace: string
  /** Id of the user in the workspace. */
  readonly user: string
  /** How the channel knows them, such as `slack:T1/U1`; the word before the colon stands in the journal. */
  readonly credential: string
}

/** Which message of a channel is meant. */
export interface ChannelMessageKey {
  /** Name of the channel. */
  readonly channel: string
  /** Id of what it is about. */
  readonly subject: string
  /** Which of the messages about it, such as `request`. */
  readonly part: string
}

/** What a channel keeps of a message that it has sent, so that it is sent once and can be changed. */
export interface ChannelMessage {
  /** Where it was sent to, as the channel names it. */
  readonly place: string
  /** By what the channel finds it again. */
  readonly reference: string
  /** What it last showed; a channel compares this and nothing else does. */
  readonly shown: string
}

/** For whom a link is made, and on what it decides. */
export interface ApprovalLinkRequest extends ReviewedVersion {
  readonly proposal: string
  /** Id of the user who gets it, and as whom it decides. */
  readonly user: string
}

/** A link by which one person decides once on one version of a proposal. */
export interface ApprovalLink {
  /** The secret, which is shown this once. */
  readonly token: string
  /** ISO 8601; at most 24 hours away, and not after the proposal expires. */
  readonly expiresAt: string
}

/** What a channel may read and keep in one workspace. */
export interface ChannelDesk {
  readonly workspace: string
  /**
   * Reads the card of a proposal as it stands now; what is sensitive in it is masked.
   *
   * @throws GovernanceError `NOT_FOUND`, `CONFLICT` while it keeps changing, or the code of a fault.
   */
  card(proposal: string): Promise<ProposalCard>
  /** Where people decide on a proposal; null when the governor knows no `publicUrl`. */
  linkTo(proposal: string): string | null
  /** Finds what was kept of a message. */
  findMessage(key: ChannelMessageKey): Promise<ChannelMessage | undefined>
  /** Keeps a message; of one that is kept already only `shown` changes. Gives what is kept now. */
  keepMessage(key: ChannelMessageKey, message: ChannelMessage): Promise<ChannelMessage>
  /**
   * Makes a link for a member who may decide; null when the version is not the present one, is decided, is of a risk above
   * medium, or the user is no supervisor or administrator of the workspace.
   */
  createLink(request: ApprovalLinkRequest): Promise<ApprovalLink | null>
}

/** Why a link decides nothing (any more). */
export type ApprovalLinkRefusal =
  | 'unknown'
  | 'used'
  | 'expired'
  | 'changed'
  | 'decided'
  | 'risk_too_high'
  | 'not_allowed'
  | 'invalid'

/** What a link opens: the card of what it decides on, or why it does not. */
export type OpenedApprovalLink =
  | {
      readonly outcome: 'open'
      readonly workspace: string
      /** Id of the user as whom it decides. */
      readonly user: string
      readonly expiresAt: string
      readonly card: ProposalCard
    }
  | RefusedApprovalLink

/** Why a link was refused, in a word and in a sentence. */
export interface RefusedApprovalLink {
  readonly outcome: 'refused'
  readonly refusal: ApprovalLinkRefusal
  readonly message: string
}

/** What somebody decides by a link, on the version that the page has shown. */
export type LinkDecision =
  | (ReviewedVersion & { readonly decision: 'approve'; readonly reason?: string })
  | (ReviewedVersion & {
      readonly decision: 'reject'
      readonly category: RejectionCategory
      readonly reason: string
    })

/** What a decision by a link came to. */
export type LinkDecisionResult =
  | { readonly outcome: 'decided'; readonly workspace: string; readonly user: string; readonly proposal: Proposal }
  | RefusedApprovalLink

/** What channels stand on by which people are told and decide, beside the dashboard. */
export interface ChannelOperations {
  /** What a channel may read and keep in a workspace. */
  desk(workspace: string): ChannelDesk
  /**
   * Who a channel's visitor is, with the roles that the database holds now; undefined when they are no member. What they
   * may do is decided where they do it.
   */
  identify(visitor: ChannelVisitor): Promise<Identity | undefined>
  /** Reads what a link would decide on. It changes nothing, however often it is called. */
  readLink(token: string): Promise<OpenedApprovalLink>
  /**
   * Decides by a link as the member that it was made for, once.
   *
   * @throws GovernanceError the code of a fault; nothing is decided then, and the link is as it was.
   */
  decideByLink(token: string, decision: LinkDecision): Promise<LinkDecisionResult>
}
