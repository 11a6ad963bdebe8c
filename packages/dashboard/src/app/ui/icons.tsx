import type { ReactNode } from 'react'

/** A clock; what it stands for is said beside it. */
export function ClockIcon(): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="13" height="13" aria-hidden="true">
      <circle cx="8" cy="8" r="6.5" />
      <path d="M8 4.2V8l2.6 1.8" />
    </svg>
  )
}
