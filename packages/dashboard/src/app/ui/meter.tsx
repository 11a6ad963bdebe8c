import type { ReactNode } from 'react'

interface MeterProps {
  readonly label: string
  /** From 0 to 1. */
  readonly share: number
  /** What the meter says in words. */
  readonly text: string
}

/** How much of something is done or there; the words stand beside the bar. */
export function Meter({ label, share, text }: MeterProps): ReactNode {
  const percent = Math.round(Math.min(Math.max(share, 0), 1) * 100)
  return (
    <span className="meter">
      <meter aria-label={label} min={0} max={100} value={percent}>
        {text}
      </meter>
      <span className="meter-text">{text}</span>
    </span>
  )
}
