import { type TrainingProposal, visibleText } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { personText, timeText } from '../data/format.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { CourseActs } from './course-acts.tsx'
import { type CoursePlan, readCoursePlan } from './course-plan.ts'
import { TRAINING } from './training-messages.ts'
import '../styles/training.css'

interface CourseCardProps {
  readonly course: TrainingProposal
  /** It is the only one of its page: E and R decide on it. */
  readonly hasKeys?: boolean
}

const TONES = { proposed: 'info', approved: 'good', rejected: 'bad' } as const

/** A proposed course: what it closes, how long it is likely to take, and the decision. */
export function CourseCard({ course, hasKeys = false }: CourseCardProps): ReactNode {
  const t = useText(TRAINING)
  const { id, agent, state, title, repeats, gaps } = course
  const plan = readCoursePlan(course.plan)
  return (
    <article className="panel course" aria-labelledby={`${id}-title`}>
      <header className="course-head">
        <h2 id={`${id}-title`} className="course-title">
          <Link to="/training/proposals/$proposalId" params={{ proposalId: id }}>
            {visibleText(title)}
          </Link>
        </h2>
        <span className={`badge tone-${TONES[state]}`}>{t(state)}</span>
      </header>
      <p className="line muted">
        <Link to="/agents/$agentId/journey" params={{ agentId: agent }}>
          {agent}
        </Link>
        <Link to="/training/blocked" search={{ agent, state: 'all' }}>
          {t('causedBy', { count: repeats })}
        </Link>
        <code>{id}</code>
      </p>
      <div className="course-parts">
        <Gaps gaps={gaps} plan={plan} />
        <Estimate plan={plan} />
      </div>
      <Steps plan={plan} />
      <Decided course={course} />
      <CourseActs course={course} estimate={plan.estimate?.hours ?? null} hasKeys={hasKeys} />
    </article>
  )
}

function Gaps({ gaps, plan }: { readonly gaps: readonly string[]; readonly plan: CoursePlan }): ReactNode {
  const t = useText(TRAINING)
  return (
    <div className="stack">
      <div>
        <h3 className="field-label">{t('gaps')}</h3>
        <p className="line">
          {gaps.map((gap) => (
            <span key={gap} className="tag">
              {visibleText(gap)}
            </span>
          ))}
        </p>
      </div>
      {plan.objectives.length === 0 ? null : (
        <div>
          <h3 className="field-label">{t('objectives')}</h3>
          <ol className="numbered">
            {plan.objectives.map((objective) => (
              <li key={objective}>
                <AgentText text={objective} />
              </li>
            ))}
          </ol>
        </div>
      )}
    </div>
  )
}

function Estimate({ plan }: { readonly plan: CoursePlan }): ReactNode {
  const t = useText(TRAINING)
  const { estimate, template, designedBy, note, scenarios } = plan
  return (
    <dl className="facts course-facts">
      {estimate === null ? null : (
        <>
          <dt>{t('estimate')}</dt>
          <dd>
            <strong>
              {t('estimateText', {
                hours: estimate.hours,
                least: estimate.least ?? estimate.hours,
                most: estimate.most ?? estimate.hours,
              })}
            </strong>{' '}
            {estimate.confidence === null ? null : (
              <span className="muted small">{t('estimateSure', { share: Math.round(estimate.confidence * 100) })}</span>
            )}
          </dd>
        </>
      )}
      {template === null ? null : (
        <>
          <dt>{t('template')}</dt>
          <dd>
            {visibleText(template)}{' '}
            {designedBy === null ? null : (
              <span className="muted small">{t('designedBy', { by: visibleText(designedBy) })}</span>
            )}
          </dd>
        </>
      )}
      {scenarios.length === 0 ? null : (
        <>
          <dt>{t('namedScenarios')}</dt>
          <dd>{visibleText(scenarios.join(', '))}</dd>
        </>
      )}
      {note === null ? null : (
        <dd className="course-note muted small">{t('designNote', { note: visibleText(note) })}</dd>
      )}
    </dl>
  )
}

function Steps({ plan: { steps } }: { readonly plan: CoursePlan }): ReactNode {
  const t = useText(TRAINING)
  if (steps.length === 0) return null
  return (
    <div>
      <h3 className="field-label">{t('steps')}</h3>
      <ol className="course-steps">
        {steps.map(({ title, minutes, kind }) => (
          <li key={`${kind} ${title}`} className="tag">
            {minutes === null ? visibleText(title) : t('stepMinutes', { title: visibleText(title), minutes })}
          </li>
        ))}
      </ol>
    </div>
  )
}

function Decided({ course }: { readonly course: TrainingProposal }): ReactNode {
  const t = useText(TRAINING)
  const { state, decidedBy, decidedAt, reason, sessionId } = course
  if (state === 'proposed') return null
  return (
    <div className="line">
      <span className="muted">
        {t('decidedByAt', {
          state,
          actor: visibleText(personText(decidedBy ?? '')),
          time: decidedAt === null ? '' : timeText(decidedAt),
        })}
      </span>
      {reason === null ? null : <AgentText text={reason} />}
      {sessionId === null ? null : (
        <Link to="/training/sessions/$sessionId" params={{ sessionId }} search={{}}>
          {t('toSession')} <code>{sessionId}</code>
        </Link>
      )}
    </div>
  )
}
