import type { ReactNode } from 'react'
import { problemOf } from '../data/problem.ts'

/** An error, with what to do about it. */
export function ProblemNote({ error }: { readonly error: unknown }): ReactNode {
  const { code, message, hint } = problemOf(error)
  return (
    <div role="alert" className="note note-bad">
      <p>
        <strong>{message}</strong>
      </p>
      <p>
        {hint} <code className="muted">{code}</code>
      </p>
    </div>
  )
}
