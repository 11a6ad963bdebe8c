import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { Empty } from '../ui/empty.tsx'
import { SETTINGS } from './settings-messages.ts'

interface SectionProps {
  readonly title: string
  /** What it is for, in a sentence or two. */
  readonly intro: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A section of the settings: what it is for, what can be done, and what there is. */
export function Section({ title, intro, actions, children }: SectionProps): ReactNode {
  return (
    <section className="stack" aria-label={title}>
      <div className="section-head">
        <div>
          <h2 className="section-title">{title}</h2>
          <p className="muted section-intro">{intro}</p>
        </div>
        {actions === undefined ? null : <div className="line">{actions}</div>}
      </div>
      {children}
    </section>
  )
}

/** Stands where only administrators read. */
export function AdminsOnly(): ReactNode {
  const t = useText(SETTINGS)
  return <Empty title={t('adminsOnly')}>{t('adminsOnlyWhy')}</Empty>
}

/** Stands where only supervisors and administrators read. */
export function SupervisorsOnly(): ReactNode {
  const t = useText(SETTINGS)
  return <Empty title={t('supervisorsOnly')}>{t('supervisorsOnlyWhy')}</Empty>
}
