import { type JsonValue, type ScenarioGrader, type ScenarioRun, visibleText } from '@preceptor/client'
import type { ReactNode } from 'react'
import { personText, timeText } from '../data/format.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { scoreShare } from './score-share.ts'
import { TRAINING } from './training-messages.ts'

/** What was expected and how it is scored, beside the answer; and what it was scored. */
export function GraderView({ run }: { readonly run: ScenarioRun }): ReactNode {
  const t = useText(TRAINING)
  return (
    <section className="runner-part" aria-label={t('reference')}>
      <h4 className="field-label">{t('reference')}</h4>
      {run.grader === null ? <p className="muted">{t('referenceHidden')}</p> : <Grader grader={run.grader} />}
      {run.score === null ? null : (
        <p className="runner-scored">
          <strong className={run.score >= 0.7 ? 'good' : 'bad'}>{scoreShare(run.score)}</strong>{' '}
          <span className="muted small">
            {t('scoredBy', {
              actor: visibleText(personText(run.gradedBy ?? '')),
              time: run.gradedAt === null ? '' : timeText(run.gradedAt),
            })}
          </span>
        </p>
      )}
      {run.feedback === null ? null : (
        <>
          <h4 className="field-label">{t('feedback')}</h4>
          <AgentText text={run.feedback} />
        </>
      )}
    </section>
  )
}

function Grader({ grader }: { readonly grader: ScenarioGrader }): ReactNode {
  const t = useText(TRAINING)
  switch (grader.kind) {
    case 'exact':
      return <Expected how={t('graderExact')} at={grader.at} value={grader.expected} />
    case 'json_schema':
      return <Expected how={t('graderSchema')} value={grader.schema} />
    case 'numeric':
      return (
        <Expected how={t('graderNumeric', { tolerance: grader.tolerance })} at={grader.at} value={grader.expected} />
      )
    case 'cel':
      return <Told how={t('graderCel')} text={grader.condition} isCode />
    case 'human':
      return <Told how={t('graderHuman')} text={grader.instructions} />
    case 'rubric':
      return <Told how={t('graderRubric')} text={grader.rubric} />
    default:
      grader satisfies never
      return null
  }
}

interface ExpectedProps {
  readonly how: string
  readonly at?: string | undefined
  readonly value: JsonValue
}

function Expected({ how, at, value }: ExpectedProps): ReactNode {
  const t = useText(TRAINING)
  return (
    <>
      <p className="muted small">
        {how} {at === undefined ? null : t('graderAt', { at: visibleText(at) })}
      </p>
      <JsonView value={value} />
    </>
  )
}

interface ToldProps {
  readonly how: string
  readonly text: string
  readonly isCode?: boolean
}

function Told({ how, text, isCode = false }: ToldProps): ReactNode {
  return (
    <>
      <p className="muted small">{how}</p>
      {isCode ? (
        <pre className="json">{visibleText(text)}</pre>
      ) : (
        <p>
          <AgentText text={text} />
        </p>
      )}
    </>
  )
}
