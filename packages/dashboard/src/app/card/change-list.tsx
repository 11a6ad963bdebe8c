import { type ArgChange, type JsonValue, visibleJson, visibleText } from '@preceptor/client'
import type { ReactNode } from 'react'
import { readablePointer } from '../data/arg-changes.ts'
import { useText } from '../text/use-text.ts'
import { CARD } from './card-messages.ts'

/** Differences of args: a sign and a word tell what went and what came, beside the colour. */
export function ChangeList({ changes }: { readonly changes: readonly ArgChange[] }): ReactNode {
  const t = useText(CARD)
  return (
    <dl className="changes">
      {changes.map((change) => (
        <div key={change.pointer} className="change">
          <dt>{visibleText(readablePointer(change.pointer))}</dt>
          {change.kind === 'added' ? null : (
            <dd className="change-before">
              <span aria-hidden="true">− </span>
              <span className="visually-hidden">{t('before')} </span>
              {jsonText(change.before)}
            </dd>
          )}
          {change.kind === 'removed' ? null : (
            <dd className="change-after">
              <span aria-hidden="true">+ </span>
              <span className="visually-hidden">{t('after')} </span>
              {jsonText(change.after)}
            </dd>
          )}
        </div>
      ))}
    </dl>
  )
}

function jsonText(value: JsonValue | undefined): string {
  return value === undefined ? '' : visibleJson(value, 2)
}
