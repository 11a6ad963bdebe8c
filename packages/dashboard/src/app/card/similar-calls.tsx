import type { ProposalCard } from '@preceptor/client'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { isReviewer } from '../decide/use-decision.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { CARD_PAGE } from './card-page-messages.ts'

// Most cards are decided without it.
const GrantDialog = lazy(() => import('../grant/grant-dialog.tsx').then((file) => ({ default: file.GrantDialog })))

/** Leads to allowing calls like this one ahead of time; what is critical is asked about each time. */
export function SimilarCalls({ card }: { readonly card: ProposalCard }): ReactNode {
  const t = useText(CARD_PAGE)
  const { identity, isOffline } = useSignedIn()
  const [isOpen, setOpen] = useState(false)
  const { risk, requiredApprovals } = card.proposal
  if (!isReviewer(identity) || risk === 'critical' || requiredApprovals > 1) return null
  return (
    <p className="card-line muted">
      {t('grantHint')}{' '}
      <Button kind="quiet" onClick={() => setOpen(true)} disabled={isOffline}>
        {t('allowSimilar')}
      </Button>
      <Suspense>{isOpen ? <GrantDialog proposal={card.proposal} onClose={() => setOpen(false)} /> : null}</Suspense>
    </p>
  )
}
