import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useRef } from 'react'
import { usePowers } from '../../data/roles.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useText } from '../../text/use-text.ts'
import { SelectField } from '../../ui/select-field.tsx'
import { LIVE } from './live-messages.ts'
import { type LiveSearch, readLiveSearch, SESSION_STATES } from './live-search.ts'

const STATE_WORDS = {
  active: 'stateActive',
  starting: 'stateStarting',
  running: 'stateRunning',
  paused: 'statePaused',
  completed: 'stateCompleted',
  terminated: 'stateTerminated',
  failed: 'stateFailed',
  all: 'stateAll',
} as const

/** What narrows the runs; all of it stands in the address. */
export function LiveFilters({ search }: { readonly search: LiveSearch }): ReactNode {
  const t = useText(LIVE)
  const { supervises } = usePowers()
  const navigate = useNavigate()
  const agent = useRef<HTMLInputElement>(null)
  useKeys({ '/': () => agent.current?.focus() })
  const change = (part: Readonly<Record<string, unknown>>): void =>
    void navigate({ to: '.', search: readLiveSearch({ ...search, ...part }), replace: true })
  return (
    <form
      className="filters live-filters"
      aria-label={t('filters')}
      onSubmit={(event) => {
        event.preventDefault()
        change({ agent: agent.current?.value ?? '' })
      }}
    >
      <SelectField
        label={t('state')}
        isLabelHidden
        value={search.state ?? 'active'}
        options={SESSION_STATES.map((state) => [state, t(STATE_WORDS[state])] as const)}
        onChange={(state) => change({ state })}
      />
      <input
        ref={agent}
        key={search.agent ?? ''}
        className="filter"
        defaultValue={search.agent ?? ''}
        placeholder={t('anyAgent')}
        aria-label={t('agent')}
        onBlur={(event) => {
          if (event.target.value !== (search.agent ?? '')) change({ agent: event.target.value })
        }}
      />
      {supervises ? (
        <label className="check">
          <input
            type="checkbox"
            checked={search.mine === 1}
            onChange={(event) => change({ mine: event.target.checked ? 1 : undefined })}
          />
          {t('mine')}
        </label>
      ) : null}
    </form>
  )
}
