import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { readWhole } from '../data/read-whole.ts'
import { useSignedIn } from '../data/session-context.ts'
import { SelectField } from '../ui/select-field.tsx'

interface AgentChoiceProps {
  readonly label: string
  readonly value: string | undefined
  /** What stands where none is chosen. */
  readonly none: string
  readonly isLabelHidden?: boolean
  readonly onChange: (agent: string | undefined) => void
}

/** One of the agents of the workspace, or none. */
export function AgentChoice({ label, value, none, isLabelHidden = true, onChange }: AgentChoiceProps): ReactNode {
  const { scope } = useSignedIn()
  const { data } = useQuery({
    queryKey: ['agents', 'names'],
    queryFn: () => readWhole((query) => scope.agents.list(query)),
  })
  const ids = (data ?? []).map(({ id }) => id)
  const known = value === undefined || ids.includes(value) ? ids : [value, ...ids]
  return (
    <SelectField
      label={label}
      isLabelHidden={isLabelHidden}
      value={value ?? ''}
      options={[['', none], ...known.map((id) => [id, id] as const)]}
      onChange={(id) => onChange(id === '' ? undefined : id)}
    />
  )
}
