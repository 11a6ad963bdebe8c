import type { Proposal } from '@preceptor/client'
import type { ReactNode } from 'react'
import { personText, timeText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import type { Decision } from '../decide/use-decision.ts'
import { isReviewer } from '../decide/use-decision.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { CARD } from './card-messages.ts'

interface StewardsProps {
  readonly proposal: Proposal
  readonly decision: Decision
}

/** Who sees to it, and until when it rests. */
export function Stewards({ proposal, decision }: StewardsProps): ReactNode {
  const t = useText(CARD)
  const { identity } = useSignedIn()
  const { id, state, assignedTo, acknowledgedBy, acknowledgedAt, snoozedUntil } = proposal
  if (state !== 'pending') return null
  const { decide, may, open } = decision
  const acknowledge = (): void =>
    decide.run(
      (proposals) => proposals.acknowledge(id),
      () => t('looking'),
    )
  return (
    <div className="card-line stewards">
      {assignedTo === null ? null : <span className="tag">{t('assignedTo', { who: assignedTo })}</span>}
      {acknowledgedBy === null || acknowledgedAt === null ? null : (
        <span className="tag">
          {t.rich('isLooking', { who: personText(acknowledgedBy), when: <RelativeTime at={acknowledgedAt} /> })}
        </span>
      )}
      {snoozedUntil === null ? null : (
        <span className="tag">{t('snoozedUntil', { time: timeText(snoozedUntil) })}</span>
      )}
      {acknowledgedBy === null && isReviewer(identity) && may.size > 0 ? (
        <Button kind="quiet" onClick={acknowledge} disabled={decide.isBusy}>
          {t('look')}
        </Button>
      ) : null}
      {may.has('extend') ? (
        <Button kind="quiet" onClick={() => open('extend')}>
          {t('extend')}
        </Button>
      ) : null}
      {may.has('assign') ? (
        <Button kind="quiet" hint="A" onClick={() => open('assign')}>
          {t('assign')}
        </Button>
      ) : null}
    </div>
  )
}
