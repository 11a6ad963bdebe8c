import { RISKS } from '@preceptor/client'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useRef } from 'react'
import { useKeys } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { SelectField } from '../ui/select-field.tsx'
import { INBOX } from './inbox-messages.ts'
import { type InboxSearch, LIST_STATES, readInboxSearch } from './inbox-search.ts'

/** What narrows the list; all of it stands in the address. */
export function InboxFilters({ search }: { readonly search: InboxSearch }): ReactNode {
  const t = useText(INBOX)
  const navigate = useNavigate()
  const agent = useRef<HTMLInputElement>(null)
  useKeys({ '/': () => agent.current?.focus() })
  const change = (part: Readonly<Record<string, string>>): void =>
    void navigate({ to: '.', search: readInboxSearch({ ...search, ...part }), replace: true })
  return (
    <div className="filters">
      <SelectField
        isLabelHidden
        label={t('state')}
        value={search.state ?? 'pending'}
        options={LIST_STATES.map(([state, name]) => [state, t(name)] as const)}
        onChange={(state) => change({ state })}
      />
      <SelectField
        isLabelHidden
        label={t('risk')}
        value={search.risk ?? 'safe'}
        options={RISKS.map((risk) => [risk, risk === 'safe' ? t('anyRisk') : t('fromRisk', { risk })] as const)}
        onChange={(risk) => change({ risk })}
      />
      <SelectField
        isLabelHidden
        label={t('order')}
        value={search.sort ?? 'expiry'}
        options={[
          ['expiry', t('expiringFirst')],
          ['newest', t('newestFirst')],
        ]}
        onChange={(sort) => change({ sort })}
      />
      <form
        className="filter"
        onSubmit={(event) => {
          event.preventDefault()
          change({ agent: agent.current?.value ?? '' })
        }}
      >
        <input
          ref={agent}
          key={search.agent ?? ''}
          defaultValue={search.agent ?? ''}
          placeholder={t('anyAgent')}
          aria-label={t('agent')}
          onBlur={(event) => {
            if (event.target.value !== (search.agent ?? '')) change({ agent: event.target.value })
          }}
        />
      </form>
    </div>
  )
}
