import type { ReactNode } from 'react'
import { duration, timeText } from '../data/format.ts'
import { useNow } from '../data/now.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { UI } from './ui-messages.ts'

/** How long ago something was; the exact time is its title. */
export function RelativeTime({ at }: { readonly at: string }): ReactNode {
  const { clockOffset } = useSignedIn()
  const t = useText(UI)
  const text = useNow((now) => {
    const ago = now + clockOffset - Date.parse(at)
    return ago < 60_000 ? t('justNow') : t('timeAgo', { time: duration(ago) })
  })
  return (
    <time dateTime={at} title={timeText(at)}>
      {text}
    </time>
  )
}
