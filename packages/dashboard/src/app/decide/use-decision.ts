import type { Identity, JsonObject, Proposal, ProposalCard } from '@preceptor/client'
import { useState } from 'react'
import type { CardView } from '../card/use-card-view.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useKeys } from '../keys/use-keys.ts'
import { useIsExpired } from '../ui/countdown.tsx'
import { needsReading } from './panel-props.ts'
import { type Decide, useDecide } from './use-decide.ts'

/** What a person can be doing with a proposal. */
export type DecisionMode =
  | 'approve'
  | 'edit'
  | 'reject'
  | 'respond'
  | 'cancel'
  | 'resolve'
  | 'assign'
  | 'snooze'
  | 'extend'

/** The decision on one version of a proposal, as far as it has come. */
export interface Decision {
  /** What is being filled in; undefined while nothing is. */
  readonly mode: DecisionMode | undefined
  /** What this person can do with it as it stands; the server checks it again. */
  readonly may: ReadonlySet<DecisionMode>
  readonly decide: Decide
  /** The args that an edit begins with, where they are not the present ones. */
  readonly preset: JsonObject | undefined
  open(mode: DecisionMode, preset?: JsonObject): void
  close(): void
}

/** Keeps the decision of a card, and its keys. */
export function useDecision(card: ProposalCard, view: CardView): Decision {
  const { proposal } = card
  const [wanted, setMode] = useState<DecisionMode>()
  const [preset, setPreset] = useState<JsonObject>()
  const close = (): void => setMode(undefined)
  const decide = useDecide(proposal.id, close)
  const may = useAllowedModes(card)
  const mode = wanted !== undefined && may.has(wanted) ? wanted : undefined
  const open = (opened: DecisionMode, start?: JsonObject): void => {
    if (!may.has(opened)) return
    decide.reset()
    // What is approved at a high risk must have been read.
    if ((opened === 'approve' || opened === 'edit') && needsReading(proposal) && !view.isPayloadSeen)
      view.setTab('json')
    setPreset(start)
    setMode(opened)
  }
  useKeys({
    'mod+enter': mode === undefined ? () => open('approve') : undefined,
    e: () => open('edit'),
    r: () => open('reject'),
    q: () => open('respond'),
    h: () => open('snooze'),
    a: () => open('assign'),
    ...(mode === undefined ? {} : { escape: close }),
  })
  return { mode, may, decide, preset, open, close }
}

const NOTHING: readonly DecisionMode[] = []
const STEWARDING: readonly DecisionMode[] = ['cancel', 'assign', 'snooze', 'extend']

function useAllowedModes({ proposal, mayDecide }: ProposalCard): ReadonlySet<DecisionMode> {
  const { identity, isOffline } = useSignedIn()
  const isExpired = useIsExpired(proposal)
  if (isOffline || !isReviewer(identity)) return new Set(NOTHING)
  return new Set(modesOf(proposal, { isExpired, isAllowed: mayDecide.allowed }))
}

function modesOf(
  { state }: Proposal,
  { isExpired, isAllowed }: { readonly isExpired: boolean; readonly isAllowed: boolean },
): readonly DecisionMode[] {
  if (state === 'outcome_unknown') return ['resolve']
  if (state === 'approved') return ['cancel']
  if (state !== 'pending' || isExpired) return NOTHING
  return isAllowed ? ['approve', 'edit', 'reject', 'respond', ...STEWARDING] : STEWARDING
}

/** Tells whether somebody decides at all: people do, supervisors and administrators among them. */
export function isReviewer({ principal: { kind, roles } }: Identity): boolean {
  return kind === 'user' && (roles.includes('admin') || roles.includes('supervisor'))
}
