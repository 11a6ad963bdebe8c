import type { ConfidenceEntry } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { trendQuery } from './agent-queries.ts'
import { AGENTS } from './agents-messages.ts'
import { ConfidenceLine } from './confidence-line.tsx'
import { FULL } from './journey-model.ts'
import { changeText } from './score-text.ts'

/** The last rows of a ledger of an agent as a small line; it is read when it comes into sight. */
export function Trend({ agent }: { readonly agent: string }): ReactNode {
  const { scope } = useSignedIn()
  const [ref, isSeen] = useSeen()
  const { data } = useQuery(trendQuery(scope, agent, isSeen))
  return (
    <span ref={ref} className="trend">
      {data === undefined ? null : <TrendOf entries={data.items.filter(({ capability }) => capability === '*')} />}
    </span>
  )
}

/** The same of rows that were read, newest first. */
export function TrendOf({ entries }: { readonly entries: readonly ConfidenceEntry[] }): ReactNode {
  const t = useText(AGENTS)
  const values = entries.map(({ confidence }) => confidence).reverse()
  const [first, last] = [values[0], values.at(-1)]
  if (first === undefined || last === undefined || values.length < 2) return null
  const change = last - first
  const key = change === 0 ? 'trendFlat' : change > 0 ? 'trendUp' : 'trendDown'
  const label = t(key, { change: changeText(change), count: values.length })
  return <ConfidenceLine values={values} least={0} most={FULL} label={label} />
}

function useSeen(): readonly [React.RefObject<HTMLSpanElement | null>, boolean] {
  const ref = useRef<HTMLSpanElement>(null)
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    const { current } = ref
    if (current === null) return
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true)
    })
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  return [ref, isSeen]
}
