import type { ReactNode } from 'react'
import { Main } from './main.tsx'

interface PageProps {
  readonly title: ReactNode
  /** How many there are, beside the title. */
  readonly count?: ReactNode
  /** What can be done with all of it. */
  readonly actions?: ReactNode
  /** Where in the page one is: links that look like tabs. */
  readonly tabs?: ReactNode
  readonly children: ReactNode
  /** Takes the whole width: for boards and wide tables. */
  readonly isWide?: boolean
}

/** A page: its title, what can be done with it, and what it shows. */
export function Page({ title, count, actions, tabs, children, isWide = false }: PageProps): ReactNode {
  return (
    <Main className={isWide ? 'page page-wide' : 'page'}>
      <div className="page-head">
        <h1 className="page-title">
          {title}
          {count === undefined ? null : <span className="count">{count}</span>}
        </h1>
        {actions === undefined ? null : <div className="page-actions">{actions}</div>}
      </div>
      {tabs}
      {children}
    </Main>
  )
}

interface PanelProps {
  readonly title: string
  readonly actions?: ReactNode
  readonly children: ReactNode
  readonly className?: string
  readonly id?: string
}

/** A part of a page with a title of its own. */
export function Panel({ title, actions, children, className = '', id }: PanelProps): ReactNode {
  return (
    <section className={`panel ${className}`.trim()} aria-label={title} id={id}>
      <div className="panel-head">
        <h2 className="panel-title">{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  )
}

/** Links that stand for parts of a page; each is an address. */
export function PageTabs({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    <nav aria-label={label} className="page-tabs">
      {children}
    </nav>
  )
}
