import { type ArgChange, type JsonValue, visibleJson, visibleText } from '@preceptor/client'
import type { ReactNode } from 'react'
import { readablePointer } from '../data/arg-changes.ts'

/** Differences of args: a sign and a word tell what went and what came, beside the colour. */
export function ChangeList({ changes }: { readonly changes: readonly ArgChange[] }): ReactNode {
  return (
    <dl className="changes">
      {changes.map((change) => (
        <div key={change.pointer} className="change">
          <dt>{visibleText(readablePointer(change.pointer))}</dt>
          {change.kind === 'added' ? null : (
            <dd className="change-before">
              <span aria-hidden="true">− </span>
              <span className="visually-hidden">before: </span>
              {textOf(change.before)}
            </dd>
          )}
          {change.kind === 'removed' ? null : (
            <dd className="change-after">
              <span aria-hidden="true">+ </span>
              <span className="visually-hidden">after: </span>
              {textOf(change.after)}
            </dd>
          )}
        </div>
      ))}
    </dl>
  )
}

function textOf(value: JsonValue | undefined): string {
  return value === undefined ? '' : visibleJson(value, 2)
}
