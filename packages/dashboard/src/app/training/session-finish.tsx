import type { TrainingSession, TrainingSessionDetail } from '@preceptor/client'
import { visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { agentQuery, promotionQuery } from '../agents/agent-queries.ts'
import { AGENTS } from '../agents/agents-messages.ts'
import { FLOORS, levelAbove } from '../agents/journey-model.ts'
import { changeText, scoreText } from '../agents/score-text.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Panel } from '../ui/page.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { useRefresh } from './course-acts.tsx'
import { scoreShare } from './score-share.ts'
import { outlookOf } from './session-outlook.ts'
import { TRAINING } from './training-messages.ts'

/** What the session comes to: as it is scored so far, or as it was completed. */
export function SessionFinish({ session }: { readonly session: TrainingSessionDetail }): ReactNode {
  const t = useText(TRAINING)
  if (session.state === 'cancelled' || session.state === 'failed') return null
  return (
    <Panel title={t('finish')} className="session-finish">
      {/* Heard when the last score completes it. */}
      <div role="status">
        {session.state === 'completed' ? <Finished session={session} /> : <Forecast session={session} />}
      </div>
    </Panel>
  )
}

function Forecast({ session }: { readonly session: TrainingSessionDetail }): ReactNode {
  const t = useText(TRAINING)
  const levels = useText(AGENTS)
  const { scope } = useSignedIn()
  const { data: agent } = useQuery(agentQuery(scope, session.agent))
  const { data: promotion } = useQuery(promotionQuery(scope, session.agent))
  if (agent === undefined || promotion === undefined) return null
  const { maturity, confidence } = agent
  const outlook = outlookOf({ scenarios: session.scenarios, maturity, confidence, policy: promotion.policy })
  if (outlook.score === null || outlook.boost === null) return <p className="muted">{t('finishNone')}</p>
  const next = levelAbove(maturity)
  return (
    <div className="stack">
      <p className="finish-line">
        {t('finishBoost', {
          score: scoreShare(outlook.score),
          boost: changeText(outlook.boost),
          before: scoreText(confidence),
          after: scoreText(outlook.confidence),
        })}
      </p>
      <p>
        {next === undefined
          ? t('finishHighest')
          : outlook.enoughFor === null
            ? t('finishNotEnough', { level: levels(next), floor: scoreText(FLOORS[next]) })
            : t('finishEnough', { level: levels(outlook.enoughFor) })}
      </p>
      {outlook.waiting === 0 ? (
        <CompleteButton session={session} />
      ) : (
        <p className="muted">{t('finishWaiting', { count: outlook.waiting })}</p>
      )}
    </div>
  )
}

function CompleteButton({ session }: { readonly session: TrainingSessionDetail }): ReactNode {
  const t = useText(TRAINING)
  const { scope } = useSignedIn()
  const { supervises } = usePowers()
  const refresh = useRefresh()
  const complete = useAct({
    does: () => scope.trainingSessions.complete(session.id),
    says: () => t('doneComplete'),
    onDone: refresh,
  })
  if (!supervises || session.state !== 'in_progress') return null
  return (
    <div>
      <Button kind="primary" aria-disabled={complete.isBusy} onClick={() => complete.run()}>
        {t('completeNow')}
      </Button>
      {complete.error === null ? null : <ProblemNote error={complete.error} />}
    </div>
  )
}

function Finished({ session }: { readonly session: TrainingSession }): ReactNode {
  const t = useText(TRAINING)
  const levels = useText(AGENTS)
  const { score, typed, maturityBefore: before, maturityAfter: after, developed, remaining, missing } = session
  const isPromoted = before !== null && after !== null && before !== after
  return (
    <div className="stack">
      <p className="finish-line">
        {t('finished', { score: scoreShare(score ?? 0) })}
        {typed ? <span className="tag">{t('finishedTyped')}</span> : null}
      </p>
      {before === null || after === null ? null : (
        <p className={isPromoted ? 'good finish-level' : undefined}>
          {isPromoted
            ? `▲ ${t('finishedLevel', { from: levels(before), to: levels(after) })}`
            : t('finishedSame', { level: levels(after) })}
        </p>
      )}
      <dl className="facts">
        <Texts name={t('developed')} texts={developed} />
        <Texts name={t('remaining')} texts={remaining} />
        <Texts name={t('missing')} texts={missing} />
      </dl>
      {isPromoted ? (
        <p className="line">
          {t('offered')}{' '}
          <Link to="/training/blocked" search={{ agent: session.agent }}>
            {t('toBlocked')}
          </Link>
        </p>
      ) : null}
    </div>
  )
}

function Texts({ name, texts }: { readonly name: string; readonly texts: readonly string[] }): ReactNode {
  if (texts.length === 0) return null
  return (
    <>
      <dt>{name}</dt>
      <dd>{visibleText(texts.join(', '))}</dd>
    </>
  )
}
