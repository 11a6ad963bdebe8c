import type { ProposalCard } from '@preceptor/client'
import type { ReactNode } from 'react'
import type { CardView } from '../card/use-card-view.ts'
import { EditPanel } from '../edit/edit-panel.tsx'
import { MOD } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { Button, type ButtonKind } from '../ui/button.tsx'
import { ApprovePanel } from './approve-panel.tsx'
import { AssignPanel } from './assign-panel.tsx'
import { BAR } from './bar-messages.ts'
import { CancelPanel } from './cancel-panel.tsx'
import { ExtendPanel } from './extend-panel.tsx'
import { OutcomeBanner } from './outcome-banner.tsx'
import { RejectPanel } from './reject-panel.tsx'
import { ResolvePanel } from './resolve-panel.tsx'
import { RespondPanel } from './respond-panel.tsx'
import { SnoozePanel } from './snooze-panel.tsx'
import type { Decision, DecisionMode } from './use-decision.ts'

interface DecisionBarProps {
  readonly card: ProposalCard
  readonly view: CardView
  readonly decision: Decision
}

/** The decision: always in reach, and never made by one key. */
export function DecisionBar({ card, view, decision }: DecisionBarProps): ReactNode {
  const { decide, mode } = decision
  const t = useText(BAR)
  return (
    <section className="bar" aria-label={t('title')}>
      {mode === undefined ? (
        <>
          <OutcomeBanner card={card} decide={decide} />
          <Buttons decision={decision} />
        </>
      ) : (
        <Panel card={card} view={view} decision={decision} mode={mode} />
      )}
    </section>
  )
}

function Panel({ card, view, decision, mode }: DecisionBarProps & { readonly mode: DecisionMode }): ReactNode {
  const panel = { card, decide: decision.decide, onClose: decision.close }
  switch (mode) {
    case 'approve':
      return <ApprovePanel {...panel} isPayloadSeen={view.isPayloadSeen} />
    case 'edit':
      return <EditPanel {...panel} isPayloadSeen={view.isPayloadSeen} preset={decision.preset} />
    case 'reject':
      return <RejectPanel {...panel} />
    case 'respond':
      return <RespondPanel {...panel} />
    case 'cancel':
      return <CancelPanel {...panel} />
    case 'resolve':
      return <ResolvePanel {...panel} />
    case 'assign':
      return <AssignPanel {...panel} />
    case 'snooze':
      return <SnoozePanel {...panel} />
    case 'extend':
      return <ExtendPanel {...panel} />
    default:
      return mode satisfies never
  }
}

const BUTTONS = [
  ['approve', 'primary', `${MOD} ↵`],
  ['edit', 'plain', 'E'],
  ['reject', 'danger', 'R'],
  ['respond', 'plain', 'Q'],
  ['resolve', 'primary', undefined],
  ['snooze', 'quiet', 'H'],
  ['cancel', 'quiet', undefined],
] as const satisfies readonly (readonly [mode: DecisionMode, kind: ButtonKind, hint: string | undefined])[]

function Buttons({ decision: { may, open } }: { readonly decision: Decision }): ReactNode {
  const t = useText(BAR)
  const shown = BUTTONS.filter(([mode]) => may.has(mode))
  if (shown.length === 0) return null
  return (
    <div className="bar-buttons">
      {shown.map(([mode, kind, hint]) => (
        <Button key={mode} kind={kind} {...(hint === undefined ? {} : { hint })} onClick={() => open(mode)}>
          {t(mode)}
        </Button>
      ))}
    </div>
  )
}
