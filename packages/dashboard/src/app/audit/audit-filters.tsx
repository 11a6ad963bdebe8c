import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useEffect, useId, useRef } from 'react'
import { useKeys } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { AUDIT } from './audit-messages.ts'
import { type AuditSearch, readAuditSearch } from './audit-search.ts'

const TEXTS = ['kind', 'actor', 'subject', 'agent'] as const
const DAYS = ['from', 'to'] as const

/** Kinds that are asked for most; any other can be typed. */
const KINDS = [
  'agent.demoted',
  'agent.paused',
  'agent.promoted',
  'alert.raised',
  'bypass.set',
  'decision.made',
  'grant.created',
  'key.created',
  'key.revoked',
  'member.changed',
  'permit.redeemed',
  'policy.changed',
  'proposal.approved',
  'proposal.created',
  'proposal.expired',
  'proposal.rejected',
  'run.failed',
  'stop.lifted',
  'stop.set',
  'supervision_session.terminated',
  'training_session.completed',
]

/** What narrows the journal; all of it stands in the address. */
export function AuditFilters({ search }: { readonly search: AuditSearch }): ReactNode {
  const t = useText(AUDIT)
  const navigate = useNavigate()
  const form = useRef<HTMLFormElement>(null)
  useKeys({ '/': () => form.current?.querySelector('input')?.focus() })
  // Whoever types goes on typing; what else changed the address is shown.
  useEffect(() => {
    for (const input of form.current?.querySelectorAll('input') ?? []) {
      if (input !== document.activeElement) input.value = search[input.name as keyof AuditSearch] ?? ''
    }
  }, [search])
  const go = (next: AuditSearch): void => void navigate({ to: '/audit', search: next, replace: true })
  const read = (): void => {
    if (form.current === null) return
    const given = Object.fromEntries(
      [...new FormData(form.current)].map(([name, value]) => [name, String(value).trim()]),
    )
    go(readAuditSearch(given))
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    read()
  }
  return (
    <form ref={form} className="audit-filters" aria-label={t('filters')} onSubmit={submit}>
      <Fields search={search} onRead={read} />
      <button type="submit" className="visually-hidden">
        {t('filters')}
      </button>
      {Object.keys(search).length === 0 ? null : (
        <Button kind="quiet" onClick={() => go({})}>
          {t('clear')}
        </Button>
      )}
    </form>
  )
}

/** The fields; whoever leaves one that changed has the journal read. */
function Fields({ search, onRead }: { readonly search: AuditSearch; readonly onRead: () => void }): ReactNode {
  const t = useText(AUDIT)
  const id = useId()
  const hints = { kind: t('kindHint'), actor: t('actorHint') } as const
  return (
    <>
      {[...TEXTS, ...DAYS].map((name) => (
        <label key={name} className="field">
          <span className="field-label">{t(name)}</span>
          <input
            name={name}
            type={name === 'from' || name === 'to' ? 'date' : 'text'}
            defaultValue={search[name] ?? ''}
            list={name === 'kind' ? `${id}-kinds` : undefined}
            placeholder={name === 'kind' || name === 'actor' ? hints[name] : undefined}
            spellCheck={false}
            autoComplete="off"
            onBlur={(event) => {
              if (event.target.value.trim() !== (search[name] ?? '')) onRead()
            }}
          />
        </label>
      ))}
      <datalist id={`${id}-kinds`}>
        {KINDS.map((kind) => (
          <option key={kind} value={kind} />
        ))}
      </datalist>
    </>
  )
}
