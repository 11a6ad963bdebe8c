import type { ReactNode } from 'react'
import { duration, timeText } from '../data/format.ts'
import { useNow } from '../data/now.ts'
import { useSignedIn } from '../data/session-context.ts'

/** How long ago something was; the exact time is its title. */
export function RelativeTime({ at }: { readonly at: string }): ReactNode {
  const { clockOffset } = useSignedIn()
  const text = useNow((now) => {
    const ago = now + clockOffset - Date.parse(at)
    return ago < 60_000 ? 'just now' : `${duration(ago)} ago`
  })
  return (
    <time dateTime={at} title={timeText(at)}>
      {text}
    </time>
  )
}
