import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { Page, PageTabs } from '../ui/page.tsx'
import { TRAINING } from './training-messages.ts'
import type { TrainingSearch } from './training-search.ts'
import '../styles/agents.css'
import '../styles/training.css'

const PARTS = ['proposals', 'sessions', 'blocked', 'scenarios'] as const

interface TrainingFrameProps {
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** The page of training with its parts. */
export function TrainingFrame({ actions, children }: TrainingFrameProps): ReactNode {
  const t = useText(TRAINING)
  return (
    <Page
      title={t('title')}
      {...(actions === undefined ? {} : { actions })}
      tabs={
        <PageTabs label={t('parts')}>
          {PARTS.map((part) => (
            <Link key={part} to={`/training/${part}`} activeOptions={{ includeSearch: false }} search={{}}>
              {t(part)}
            </Link>
          ))}
        </PageTabs>
      }
    >
      {children}
    </Page>
  )
}

interface StateChipsProps {
  readonly states: readonly string[]
  readonly search: TrainingSearch
  readonly labelOf: (state: string) => string
}

/** Which states are shown, and of which agent; both stand in the address. */
export function StateChips({ states, search, labelOf }: StateChipsProps): ReactNode {
  const t = useText(TRAINING)
  const navigate = useNavigate()
  const go = (next: TrainingSearch): void => void navigate({ to: '.', search: next, replace: true })
  const agent = search.agent === undefined ? {} : { agent: search.agent }
  return (
    <div className="training-filters">
      <ChoiceChips
        legend={t('state')}
        options={states.map((state) => [state, labelOf(state)] as const)}
        value={search.state ?? states[0] ?? ''}
        onChange={(state) => go({ ...agent, ...(state === states[0] ? {} : { state }) })}
      />
      {search.agent === undefined ? null : (
        <p className="line">
          <span className="tag">
            {t('agent')}: {search.agent}
          </span>
          <button
            type="button"
            className="button button-quiet"
            onClick={() => go(search.state === undefined ? {} : { state: search.state })}
          >
            {t('clear')}
          </button>
        </p>
      )}
    </div>
  )
}
