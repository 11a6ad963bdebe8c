import type { Proposal } from '@preceptor/client'
import type { ReactNode } from 'react'
import { duration, timeText } from '../data/format.ts'
import { useNow } from '../data/now.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { ClockIcon } from './icons.tsx'
import { UI } from './ui-messages.ts'

type Timed = Pick<Proposal, 'createdAt' | 'expiresAt'>

const AMBER = 0.2
const RED = 0.05

/** Milliseconds until a proposal expires, by the clock of the server; negative afterwards. */
function useTimeLeft({ createdAt, expiresAt }: Timed): { readonly text: string; readonly tone: string } {
  const { clockOffset } = useSignedIn()
  const end = Date.parse(expiresAt)
  const span = Math.max(1, end - Date.parse(createdAt))
  const text = useNow((now) => duration(end - now - clockOffset))
  const tone = useNow((now) => {
    const share = (end - now - clockOffset) / span
    if (share <= 0) return 'over'
    if (share < RED) return 'red'
    return share < AMBER ? 'amber' : 'calm'
  })
  return { text, tone }
}

/** Tells whether a proposal has expired by the clock of the server. */
export function useIsExpired({ expiresAt }: Pick<Proposal, 'expiresAt'>): boolean {
  const { clockOffset } = useSignedIn()
  return useNow((now) => Date.parse(expiresAt) <= now + clockOffset)
}

/** How long a proposal waits yet. */
export function Countdown({ proposal }: { readonly proposal: Timed }): ReactNode {
  const { text, tone } = useTimeLeft(proposal)
  const t = useText(UI)
  const label = tone === 'over' ? t('isExpired') : t('timeLeft', { time: text })
  return (
    <time className={`countdown countdown-${tone}`} dateTime={proposal.expiresAt} title={timeText(proposal.expiresAt)}>
      <ClockIcon /> {label}
    </time>
  )
}

const MINUTE = 60_000
const ANNOUNCED = [5, 1]

/** Says when five minutes and one minute are left, to those who do not see the countdown. */
export function CountdownAnnouncement({ expiresAt }: Pick<Proposal, 'expiresAt'>): ReactNode {
  const { clockOffset } = useSignedIn()
  const t = useText(UI)
  const left = useNow((now) => {
    const minutes = (Date.parse(expiresAt) - now - clockOffset) / MINUTE
    return ANNOUNCED.find((mark) => minutes <= mark && minutes > mark - 0.5) ?? 0
  })
  return (
    <p role="status" className="visually-hidden">
      {left === 0 ? '' : t('minutesLeft', { minutes: left })}
    </p>
  )
}
