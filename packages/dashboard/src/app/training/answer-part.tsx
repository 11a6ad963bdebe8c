import { type ScenarioRun, visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { personText, timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { MOD, useKeys } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { TextField } from '../ui/text-field.tsx'
import { readAnswerText } from './answer-value.ts'
import { ScoreForm } from './score-form.tsx'
import { needOf } from './session-outlook.ts'
import { TRAINING } from './training-messages.ts'
import { type RunFormProps, useEnter } from './use-enter.ts'

/** What the agent answered; where it has not, somebody enters it, and where a person scores it, somebody does. */
export function AnswerPart(props: RunFormProps): ReactNode {
  const { session, run } = props
  const t = useText(TRAINING)
  const { supervises } = usePowers()
  const need = needOf(run)
  const isOpen = supervises && session.state === 'in_progress'
  return (
    <section className="runner-part" aria-label={t('answer')}>
      <h4 className="field-label">{t('answer')}</h4>
      {run.answeredAt === null ? <p className="muted">{t('answerNone')}</p> : <Answered run={run} />}
      {supervises && session.state === 'scheduled' && need === 'answer' ? (
        <p className="muted small">{t('startFirst')}</p>
      ) : null}
      {supervises && session.state === 'paused' ? <p className="muted small">{t('pausedNow')}</p> : null}
      {isOpen && need === 'answer' ? <AnswerForm {...props} /> : null}
      {isOpen && need === 'person' ? <ScoreForm {...props} /> : null}
    </section>
  )
}

function Answered({ run }: { readonly run: ScenarioRun }): ReactNode {
  const t = useText(TRAINING)
  const { supervises } = usePowers()
  if (!supervises) return <p className="muted">{t('answerHidden')}</p>
  return (
    <>
      <JsonView value={run.answer} />
      <p className="muted small">
        {t('answeredBy', {
          actor: visibleText(personText(run.answeredBy ?? '')),
          time: run.answeredAt === null ? '' : timeText(run.answeredAt),
        })}
      </p>
    </>
  )
}

function AnswerForm({ session, run, onDone }: RunFormProps): ReactNode {
  const t = useText(TRAINING)
  const [text, setText] = useState('')
  const answer = readAnswerText(text)
  const enter = useEnter({ session, onDone })
  const submit = (): void => {
    if (answer !== undefined) enter.run({ scenario: run.scenario, answer })
  }
  useKeys({ 'mod+enter': submit })
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <TextField label={t('enterAnswer')} hint={t('enterAnswerHint')} rows={5} isCode value={text} onChange={setText} />
      {enter.error === null ? null : <ProblemNote error={enter.error} />}
      <div>
        <Button type="submit" kind="primary" hint={`${MOD} ↵`} aria-disabled={answer === undefined || enter.isBusy}>
          {t('submitAnswer')}
        </Button>
      </div>
    </form>
  )
}
