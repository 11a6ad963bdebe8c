import { LIFECYCLES, MATURITIES } from '@preceptor/client'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useRef } from 'react'
import { useKeys } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { SelectField } from '../ui/select-field.tsx'
import { AGENTS } from './agents-messages.ts'
import { AGENT_SORTS, type AgentsSearch, readAgentsSearch } from './agents-search.ts'

const SORT_TEXTS = { name: 'byName', confidence: 'byConfidence', recent: 'byRecent' } as const

/** What narrows the list of agents; all of it stands in the address. */
export function AgentsFilters({ search }: { readonly search: AgentsSearch }): ReactNode {
  const t = useText(AGENTS)
  const navigate = useNavigate()
  const words = useRef<HTMLInputElement>(null)
  useKeys({ '/': () => words.current?.focus() })
  const change = (part: Readonly<Record<string, string>>): void =>
    void navigate({ to: '/agents', search: readAgentsSearch({ ...search, ...part }), replace: true })
  return (
    <search aria-label={t('filters')} className="agents-filters">
      <input
        ref={words}
        type="search"
        className="agents-words"
        aria-label={t('search')}
        placeholder={t('searchHint')}
        defaultValue={search.q ?? ''}
        onChange={(event) => change({ q: event.target.value })}
      />
      <SelectField
        isLabelHidden
        label={t('level')}
        value={search.maturity ?? ''}
        options={[['', t('anyLevel')], ...MATURITIES.map((level) => [level, t(level)] as const)]}
        onChange={(maturity) => change({ maturity })}
      />
      <SelectField
        isLabelHidden
        label={t('lifecycle')}
        value={search.lifecycle ?? ''}
        options={[['', t('anyLifecycle')], ...LIFECYCLES.map((state) => [state, t(state)] as const)]}
        onChange={(lifecycle) => change({ lifecycle })}
      />
      <SelectField
        isLabelHidden
        label={t('order')}
        value={search.order ?? ''}
        options={[['', t('attention')], ...AGENT_SORTS.map((sort) => [sort, t(SORT_TEXTS[sort])] as const)]}
        onChange={(order) => change({ order })}
      />
    </search>
  )
}
