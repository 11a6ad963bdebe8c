import type { ComponentProps, ReactNode } from 'react'

/** How much weight a button has. */
export type ButtonKind = 'primary' | 'danger' | 'plain' | 'quiet'

interface ButtonProps extends ComponentProps<'button'> {
  readonly kind?: ButtonKind
  /** The key that does the same, drawn on the button. */
  readonly hint?: string
}

/** A button. */
export function Button({ kind = 'plain', hint, children, className = '', ...rest }: ButtonProps): ReactNode {
  return (
    <button type="button" {...rest} className={`button button-${kind} ${className}`.trim()}>
      {children}
      {hint === undefined ? null : (
        <span className="button-hint" aria-hidden="true">
          {hint}
        </span>
      )}
    </button>
  )
}
