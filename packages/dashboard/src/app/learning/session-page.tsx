import { visibleText } from '@preceptor/client'
import type { Evaluation, LearningSession } from '@preceptor/learning/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { personText } from '../data/format.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { BarList } from './bar-list.tsx'
import { LEARNING } from './learning-messages.ts'
import { LearningPage } from './learning-page.tsx'
import { LearningState } from './learning-state.tsx'
import { signed } from './score-scale.ts'
import { useLearning } from './use-learning.ts'

const route = getRouteApi('/learning/sessions/$sessionId')

/** The best that a criterion can be scored. */
const FULL_SCORE = 100

/** One improvement of one answer. */
export function LearningSessionPage(): ReactNode {
  const t = useText(LEARNING)
  const { sessionId } = route.useParams()
  const { sessions } = useLearning()
  const query = useQuery({ queryKey: ['learning', 'session', sessionId], queryFn: () => sessions.get(sessionId) })
  return (
    <LearningPage part="sessions" title={t('session')}>
      <Reading query={query}>{(session) => <Session session={session} />}</Reading>
    </LearningPage>
  )
}

function Session({ session }: { readonly session: LearningSession }): ReactNode {
  const t = useText(LEARNING)
  const { state, agentType, strategy, actor, createdAt, id, improvement, failure, model } = session
  return (
    <>
      <div className="line">
        <LearningState state={state} />
        <span>{visibleText(agentType)}</span>
        <span className="muted">{t('byStrategy', { strategy: visibleText(strategy) })}</span>
        {model === null ? null : <code className="muted">{visibleText(model)}</code>}
        <span className="muted">
          {t.rich('startedAgo', { ago: <RelativeTime at={createdAt} />, by: visibleText(personText(actor)) })}
        </span>
        {improvement === null ? null : <strong>{t('points', { points: signed(improvement) })}</strong>}
        <code className="muted small">{id}</code>
        <CopyButton text={location.href} label={t('copyLink')} />
      </div>
      {failure === null ? null : (
        <div className="note note-bad">
          <AgentText text={failure} />
        </div>
      )}
      <Panel title={t('context')}>
        <AgentText text={session.context} />
      </Panel>
      <div className="panels">
        <Answer title={t('original')} text={session.originalResponse} evaluation={session.before} />
        <Answer title={t('improved')} text={session.improvedResponse} evaluation={session.after} />
        {session.correction === null ? null : (
          <Answer title={t('correction')} text={session.correction} evaluation={null} />
        )}
      </div>
    </>
  )
}

interface AnswerProps {
  readonly title: string
  readonly text: string | null
  readonly evaluation: Evaluation | null
}

function Answer({ title, text, evaluation }: AnswerProps): ReactNode {
  const t = useText(LEARNING)
  return (
    <Panel title={title}>
      {text === null ? <p className="muted">{t('none')}</p> : <AgentText text={text} />}
      {evaluation === null ? null : <Rated evaluation={evaluation} />}
    </Panel>
  )
}

function Rated({ evaluation }: { readonly evaluation: Evaluation }): ReactNode {
  const t = useText(LEARNING)
  return (
    <>
      {evaluation.state === 'unscored' ? (
        <p className="muted">
          {t('unscored')}: <AgentText text={evaluation.reason} />
        </p>
      ) : (
        <>
          <p>
            <strong>{t('scoreOf', { score: evaluation.score.toFixed(1) })}</strong>
          </p>
          <BarList
            whole={FULL_SCORE}
            bars={Object.entries(evaluation.criteria).map(([name, value]) => ({
              id: name,
              name: visibleText(name),
              value,
              text: value.toFixed(0),
            }))}
          />
        </>
      )}
      <ul className="small">
        {evaluation.checks.map(({ name, passed, reason }) => (
          <li key={name}>
            <span aria-hidden="true">{passed ? '✓' : '✕'}</span>{' '}
            <span className="visually-hidden">{t(passed ? 'passed' : 'failed')}: </span>
            <AgentText text={`${name}: ${reason}`} />
          </li>
        ))}
      </ul>
    </>
  )
}
