import type { SupervisionSession } from '@preceptor/client'
import type { ReactNode } from 'react'
import { useNow } from '../../data/now.ts'
import { useSignedIn } from '../../data/session-context.ts'
import { useText } from '../../text/use-text.ts'
import { SESSION } from './session-messages.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** How long a run goes on, or took: minutes and seconds, with hours before them where there are any. */
export function Elapsed({ session }: { readonly session: SupervisionSession }): ReactNode {
  const { clockOffset } = useSignedIn()
  const t = useText(SESSION)
  const { createdAt, startedAt, endedAt } = session
  const from = Date.parse(startedAt ?? createdAt)
  const time = useNow((now) => watchText((endedAt === null ? now + clockOffset : Date.parse(endedAt)) - from))
  return <span className="elapsed">{t(endedAt === null ? 'elapsed' : 'took', { time })}</span>
}

function watchText(milliseconds: number): string {
  const ms = Math.max(0, milliseconds)
  const parts = [Math.floor((ms % HOUR) / MINUTE), Math.floor((ms % MINUTE) / SECOND)]
  const hours = Math.floor(ms / HOUR)
  return [...(hours > 0 ? [hours] : []), ...parts].map((part) => String(part).padStart(2, '0')).join(':')
}
