import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { PageIcon } from './icons.tsx'
import { PAGES, type PageEntry } from './page-map.ts'
import { SHELL } from './shell-messages.ts'

/** The pages that this host has. */
export function usePages(): readonly PageEntry[] {
  const { features } = useSignedIn()
  return PAGES.filter(({ feature }) => feature === undefined || features.includes(feature))
}

/** The way to every page: a rail beside it, a menu above it where there is no room. */
export function Navigation(): ReactNode {
  const t = useText(SHELL)
  const pages = usePages()
  const [isOpen, setOpen] = useState(false)
  return (
    <nav aria-label={t('pages')} className={isOpen ? 'rail rail-open' : 'rail'}>
      <Button kind="quiet" className="rail-menu" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span aria-hidden="true">☰</span> {t('menu')}
      </Button>
      <ul className="rail-pages">
        {pages.map(({ name, path }) => (
          <li key={path}>
            <Link to={path} search={{}} className="rail-page" onClick={() => setOpen(false)}>
              <PageIcon name={name} />
              <span>{t(name)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
