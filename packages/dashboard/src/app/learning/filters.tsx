import { type FormEvent, type ReactNode, useState } from 'react'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { LEARNING, type LearningKey } from './learning-messages.ts'
import type { LearningSearch } from './learning-search.ts'

type TextKey = 'type' | 'tag' | 'find'

const LABELS: Readonly<Record<TextKey, LearningKey>> = { type: 'agentType', tag: 'tag', find: 'words' }

interface FiltersProps {
  readonly keys: readonly TextKey[]
  readonly search: LearningSearch
  readonly onChange: (change: Partial<Record<TextKey, string | undefined>>) => void
}

/** Fields that narrow a list; Enter applies them, and the address keeps them. */
export function Filters({ keys, search, onChange }: FiltersProps): ReactNode {
  const t = useText(LEARNING)
  const [draft, setDraft] = useState<LearningSearch>(search)
  const apply = (event: FormEvent): void => {
    event.preventDefault()
    onChange(Object.fromEntries(keys.map((key) => [key, draft[key]?.trim() || undefined])))
  }
  return (
    <form className="line" onSubmit={apply}>
      {keys.map((key) => (
        <div key={key} className="filter lr-filter">
          <input
            aria-label={t(LABELS[key])}
            placeholder={t(LABELS[key])}
            value={draft[key] ?? ''}
            onChange={(event) => setDraft({ ...draft, [key]: event.target.value })}
          />
        </div>
      ))}
      <Button type="submit">{t('narrow')}</Button>
    </form>
  )
}
