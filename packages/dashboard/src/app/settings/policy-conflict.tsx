import { type PolicyVersion, visibleText } from '@preceptor/client'
import { type ReactNode, useEffect, useRef } from 'react'
import { ChangeList } from '../card/change-list.tsx'
import { argChanges } from '../data/arg-changes.ts'
import { personText } from '../data/format.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { POLICY } from './policy-messages.ts'

interface PolicyConflictProps {
  /** What the text began from. */
  readonly base: PolicyVersion
  /** What is in force by now. */
  readonly present: PolicyVersion
  readonly onGoOn: () => void
  readonly onTake: () => void
}

/** Says that somebody saved a version meanwhile, what it changed, and how one goes on. */
export function PolicyConflict({ base, present, onGoOn, onTake }: PolicyConflictProps): ReactNode {
  const t = useText(POLICY)
  const { version, reason, createdBy } = present
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <section className="note note-warn stack" role="alert" aria-label={t('conflict')}>
      <h3 ref={heading} tabIndex={-1}>
        {t('conflict')}
      </h3>
      <p>{t('conflictBody', { who: visibleText(personText(createdBy)), version, reason: visibleText(reason) })}</p>
      <ChangeList changes={argChanges(base.document, present.document)} />
      <div className="line">
        <Button kind="primary" onClick={onGoOn}>
          {t('goOn', { version })}
        </Button>
        <Button onClick={onTake}>{t('takeTheirs', { version })}</Button>
      </div>
    </section>
  )
}
