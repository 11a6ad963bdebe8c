import { type ReactNode, useId, useRef } from 'react'
import { useKeys } from '../../keys/use-keys.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import type { SessionSearch } from '../session/session-search.ts'
import { LOG_LEVELS, type LogLevel } from './log-line.ts'
import { LOG } from './log-messages.ts'

interface LogToolsProps {
  readonly search: SessionSearch
  readonly isQueryValid: boolean
  readonly onChange: (part: { readonly level?: LogLevel | undefined; readonly q?: string | undefined }) => void
  readonly isFollowing: boolean
  readonly onFollow: (follow: boolean) => void
  /** How many lines came while the log was held still; undefined while it is not. */
  readonly newLines: number | undefined
  readonly onPause: () => void
  readonly onToEnd: () => void
}

/** What narrows the log and holds it still. */
export function LogTools(props: LogToolsProps): ReactNode {
  const { search, isQueryValid, onChange, isFollowing, onFollow, newLines, onPause, onToEnd } = props
  const t = useText(LOG)
  return (
    <div className="log-tools">
      <fieldset className="log-levels">
        <legend className="visually-hidden">{t('level')}</legend>
        <Level level={undefined} chosen={search.level} onChoose={onChange} />
        {LOG_LEVELS.map((level) => (
          <Level key={level} level={level} chosen={search.level} onChoose={onChange} />
        ))}
      </fieldset>
      <Query query={search.q ?? ''} isValid={isQueryValid} onChange={(q) => onChange({ q })} />
      <label className="check">
        <input type="checkbox" checked={isFollowing} onChange={(event) => onFollow(event.target.checked)} />
        {t('follow')}
      </label>
      <Button kind="quiet" aria-pressed={newLines !== undefined} onClick={onPause}>
        {newLines === undefined ? t('pause') : t('goOn', { count: newLines })}
      </Button>
      <Button kind="quiet" onClick={onToEnd}>
        {t('toEnd')}
      </Button>
    </div>
  )
}

interface LevelProps {
  readonly level: LogLevel | undefined
  readonly chosen: LogLevel | undefined
  readonly onChoose: (part: { readonly level: LogLevel | undefined }) => void
}

function Level({ level, chosen, onChoose }: LevelProps): ReactNode {
  const t = useText(LOG)
  return (
    <label className="log-level">
      <input type="radio" name="log-level" checked={chosen === level} onChange={() => onChoose({ level })} />
      {t(level ?? 'all')}
    </label>
  )
}

interface QueryProps {
  readonly query: string
  readonly isValid: boolean
  readonly onChange: (query: string) => void
}

function Query({ query, isValid, onChange }: QueryProps): ReactNode {
  const t = useText(LOG)
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  useKeys({ '/': () => field.current?.focus() })
  return (
    <div className="log-query">
      <label htmlFor={id} className="visually-hidden">
        {t('filter')}
      </label>
      <input
        ref={field}
        id={id}
        type="search"
        value={query}
        placeholder={t('filterHint')}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={!isValid}
        aria-describedby={isValid ? undefined : `${id}-problem`}
        onChange={(event) => onChange(event.target.value)}
      />
      {isValid ? null : (
        <p id={`${id}-problem`} className="field-problem">
          {t('notRegex')}
        </p>
      )}
    </div>
  )
}
