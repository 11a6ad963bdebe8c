import type { ReactNode } from 'react'

interface EmptyProps {
  readonly title: string
  /** Why it is empty, and how it is filled. */
  readonly children?: ReactNode
  /** Code that fills it. */
  readonly snippet?: string
}

/** An empty list says why it is empty, and how it is filled. */
export function Empty({ title, children, snippet }: EmptyProps): ReactNode {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children === undefined ? null : <div className="muted">{children}</div>}
      {snippet === undefined ? null : <pre className="json">{snippet}</pre>}
    </div>
  )
}
