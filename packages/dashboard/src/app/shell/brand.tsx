import type { ReactNode } from 'react'

// A name: the same in every language.
const NAME = 'Preceptor'

/** The name of the product with its sign. */
export function Brand(): ReactNode {
  return (
    <span className="brand">
      <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
        <rect width="32" height="32" rx="8" className="brand-ground" />
        <path d="M9 17l5 5 9-11" className="brand-sign" />
      </svg>
      <span className="brand-name">{NAME}</span>
    </span>
  )
}
