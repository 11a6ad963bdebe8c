import { Dialog } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { usePortal } from '../ui/portal.ts'
import { useReturnFocus } from '../ui/return-focus.ts'
import { addressOfId } from './address-of-id.ts'
import { usePages } from './navigation.tsx'
import { PALETTE, SHELL } from './shell-messages.ts'

interface Target {
  readonly id: string
  readonly kind: string
  readonly text: string
  readonly to: string
}

const MOST = 12

/** Goes to a page, an agent, or whatever an id names. */
export function Palette({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useText(PALETTE)
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const navigate = useNavigate()
  const list = useId()
  const returnFocus = useReturnFocus()
  const targets = useTargets(query.trim().toLowerCase())
  const chosen = targets[Math.min(at, targets.length - 1)]
  const go = (target: Target | undefined): void => {
    if (target === undefined) return
    onClose()
    void navigate({ to: target.to })
  }
  const onKey = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }
    const step = steps[event.key]
    if (step !== undefined) setAt(Math.min(Math.max(at + step, 0), targets.length - 1))
    else if (event.key === 'Enter') go(chosen)
    else return
    event.preventDefault()
  }
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal container={usePortal()}>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog palette" finalFocus={returnFocus}>
          <Dialog.Title className="visually-hidden">{t('title')}</Dialog.Title>
          <input
            role="combobox"
            aria-label={t('label')}
            aria-expanded="true"
            aria-controls={list}
            aria-activedescendant={chosen === undefined ? undefined : `${list}-${targets.indexOf(chosen)}`}
            placeholder={t('label')}
            autoComplete="off"
            spellCheck={false}
            value={query}
            onChange={(event) => {
              setQuery(event.target.value)
              setAt(0)
            }}
            onKeyDown={onKey}
          />
          <Targets id={list} title={t('title')} targets={targets} chosen={chosen} onGo={go} />
          <p role="status" className={targets.length === 0 ? 'muted' : 'visually-hidden'}>
            {targets.length === 0 ? t('nothing') : t('found', { count: targets.length })}
          </p>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

interface TargetsProps {
  readonly id: string
  readonly title: string
  readonly targets: readonly Target[]
  readonly chosen: Target | undefined
  readonly onGo: (target: Target) => void
}

function Targets({ id, title, targets, chosen, onGo }: TargetsProps): ReactNode {
  return (
    <div id={id} role="listbox" aria-label={title} className="palette-list">
      {targets.map((target, index) => (
        // The keys of the field above choose; a pointer may as well.
        // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox holds the focus and handles the keys
        // biome-ignore lint/a11y/useFocusableInteractive: options of a combobox are named by aria-activedescendant
        <div
          key={target.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={target === chosen}
          className="palette-target"
          onClick={() => onGo(target)}
        >
          <span>{target.text}</span>
          <span className="muted small">{target.kind}</span>
        </div>
      ))}
    </div>
  )
}

function useTargets(query: string): readonly Target[] {
  const { scope } = useSignedIn()
  const t = useText(PALETTE)
  const shell = useText(SHELL)
  const pages = usePages()
  const agents = useQuery({ queryKey: ['agents', 'palette'], queryFn: () => scope.agents.list({ limit: 100 }) })
  const address = addressOfId(query)
  const named = address === undefined ? [] : [{ id: 'named', kind: t('open'), text: query, to: address }]
  const ofPages = pages.map(({ name, path }) => ({ id: path, kind: t('page'), text: shell(name), to: path as string }))
  const ofAgents = (agents.data?.items ?? []).map(({ id }) => ({
    id: `agent:${id}`,
    kind: t('agent'),
    text: id,
    to: `/agents/${encodeURIComponent(id)}`,
  }))
  const fits = ({ text }: Target): boolean => text.toLowerCase().includes(query)
  return [...named, ...[...ofPages, ...ofAgents].filter(fits)].slice(0, MOST)
}
