import type { Identity, Proposal } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import type { CardView } from '../card/use-card-view.ts'
import type { ProposalCard } from '../data/card.ts'
import { nameOf, useSignedIn } from '../data/session-context.ts'
import { EditPanel } from '../edit/edit-panel.tsx'
import { MOD, useKeys } from '../keys/use-keys.ts'
import { Button } from '../ui/button.tsx'
import { useIsExpired } from '../ui/countdown.tsx'
import { ApprovePanel } from './approve-panel.tsx'
import { CancelPanel } from './cancel-panel.tsx'
import { OutcomeBanner } from './outcome-banner.tsx'
import { needsReading } from './panel-props.ts'
import { RejectPanel } from './reject-panel.tsx'
import { ResolvePanel } from './resolve-panel.tsx'
import { RespondPanel } from './respond-panel.tsx'
import { useDecide } from './use-decide.ts'

/** What is being decided. */
export type DecisionMode = 'approve' | 'edit' | 'reject' | 'respond' | 'cancel' | 'resolve'

interface DecisionBarProps {
  readonly card: ProposalCard
  readonly view: CardView
}

/** The decision: always in reach, and never made by one key. */
export function DecisionBar({ card, view }: DecisionBarProps): ReactNode {
  const { proposal } = card
  const [mode, setMode] = useState<DecisionMode>()
  const close = (): void => setMode(undefined)
  const decide = useDecide(proposal.id, close)
  const may = useAllowedModes(proposal)
  const open = (wanted: DecisionMode): void => {
    if (!may.has(wanted)) return
    decide.reset()
    // What is approved at a high risk must have been read.
    if (wanted === 'approve' && needsReading(proposal) && !view.isPayloadSeen) view.setTab('json')
    setMode(wanted)
  }
  const present = mode !== undefined && may.has(mode) ? mode : undefined
  useKeys({
    'mod+enter': present === undefined ? () => open('approve') : undefined,
    e: () => open('edit'),
    r: () => open('reject'),
    q: () => open('respond'),
    ...(present === undefined ? {} : { escape: close }),
  })
  const panel = { card, decide, onClose: close }
  return (
    <section className="bar" aria-label="Decision">
      {present === 'approve' ? <ApprovePanel {...panel} isPayloadSeen={view.isPayloadSeen} /> : null}
      {present === 'edit' ? <EditPanel {...panel} /> : null}
      {present === 'reject' ? <RejectPanel {...panel} /> : null}
      {present === 'respond' ? <RespondPanel {...panel} /> : null}
      {present === 'cancel' ? <CancelPanel {...panel} /> : null}
      {present === 'resolve' ? <ResolvePanel {...panel} /> : null}
      {present === undefined ? (
        <>
          <OutcomeBanner card={card} decide={decide} />
          <Buttons may={may} onOpen={open} />
        </>
      ) : null}
    </section>
  )
}

function Buttons(props: { readonly may: ReadonlySet<DecisionMode>; readonly onOpen: (mode: DecisionMode) => void }) {
  const { may, onOpen } = props
  if (may.size === 0) return null
  return (
    <div className="bar-buttons">
      {may.has('approve') ? (
        <Button kind="primary" hint={`${MOD} ↵`} onClick={() => onOpen('approve')}>
          Approve
        </Button>
      ) : null}
      {may.has('edit') ? (
        <Button hint="E" onClick={() => onOpen('edit')}>
          Edit
        </Button>
      ) : null}
      {may.has('reject') ? (
        <Button kind="danger" hint="R" onClick={() => onOpen('reject')}>
          Reject
        </Button>
      ) : null}
      {may.has('respond') ? (
        <Button hint="Q" onClick={() => onOpen('respond')}>
          Answer
        </Button>
      ) : null}
      {may.has('resolve') ? (
        <Button kind="primary" onClick={() => onOpen('resolve')}>
          Say how it ended
        </Button>
      ) : null}
      {may.has('cancel') ? (
        <Button kind="quiet" onClick={() => onOpen('cancel')}>
          Withdraw
        </Button>
      ) : null}
    </div>
  )
}

/** What this person can do with it as it stands; the server checks it again. */
function useAllowedModes(proposal: Proposal): ReadonlySet<DecisionMode> {
  const { identity, isOffline } = useSignedIn()
  const isExpired = useIsExpired(proposal)
  if (isOffline || !mayDecide(identity)) return new Set()
  const { state } = proposal
  if (state === 'outcome_unknown') return new Set(['resolve'])
  if (state === 'approved') return new Set(['cancel'])
  if (state !== 'pending' || isExpired) return new Set()
  if (proposal.proposedBy === nameOf(identity)) return new Set(['cancel'])
  return new Set(['approve', 'edit', 'reject', 'respond', 'cancel'])
}

function mayDecide({ principal: { kind, roles } }: Identity): boolean {
  return kind === 'user' && (roles.includes('admin') || roles.includes('supervisor'))
}
