import { RISKS } from '@preceptor/client'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useRef } from 'react'
import { useKeys } from '../keys/use-keys.ts'
import { type InboxSearch, LIST_STATES, readInboxSearch } from './inbox-search.ts'

/** What narrows the list; all of it stands in the address. */
export function InboxFilters({ search }: { readonly search: InboxSearch }): ReactNode {
  const navigate = useNavigate()
  const agent = useRef<HTMLInputElement>(null)
  useKeys({ '/': () => agent.current?.focus() })
  const change = (part: Readonly<Record<string, string>>): void =>
    void navigate({ to: '.', search: readInboxSearch({ ...search, ...part }), replace: true })
  return (
    <div className="filters">
      <Choice
        label="State"
        value={search.state ?? 'pending'}
        options={LIST_STATES}
        onChange={(state) => change({ state })}
      />
      <Choice
        label="Risk"
        value={search.risk ?? 'safe'}
        options={RISKS.map((risk) => [risk, risk === 'safe' ? 'Any risk' : `${risk} and above`] as const)}
        onChange={(risk) => change({ risk })}
      />
      <Choice
        label="Order"
        value={search.sort ?? 'expiry'}
        options={[
          ['expiry', 'Expiring first'],
          ['newest', 'Newest first'],
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
          placeholder="Any agent"
          aria-label="Agent"
          onBlur={(event) => {
            if (event.target.value !== (search.agent ?? '')) change({ agent: event.target.value })
          }}
        />
      </form>
    </div>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, label: string])[]
  readonly onChange: (value: string) => void
}

function Choice({ label, value, options, onChange }: ChoiceProps): ReactNode {
  return (
    <select className="filter" aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  )
}
