import { type ReactNode, useRef, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { MOD, useKeys } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { TextField } from '../ui/text-field.tsx'
import { readShare } from './hours-field.ts'
import { TRAINING } from './training-messages.ts'
import { type RunFormProps, useEnter } from './use-enter.ts'

const SCORES = { pass: '1', partial: '0.5', fail: '0' } as const

/** A person scores an answer: 1, 2 and 3 choose, nothing is saved by a single key. */
export function ScoreForm({ session, run, onDone }: RunFormProps): ReactNode {
  const t = useText(TRAINING)
  const { identity } = useSignedIn()
  const form = useRef<HTMLFormElement>(null)
  const [text, setText] = useState('')
  const [feedback, setFeedback] = useState('')
  const score = readShare(text)
  const enter = useEnter({ session, onDone })
  const isOwn = run.answeredBy === `user:${identity.principal.id}`
  const submit = (): void => {
    if (score.kind !== 'number' || isOwn) return
    const said = feedback.trim()
    enter.run({ scenario: run.scenario, score: score.value, ...(said === '' ? {} : { feedback: said }) })
  }
  useKeys({
    '1': () => setText(SCORES.pass),
    '2': () => setText(SCORES.partial),
    '3': () => setText(SCORES.fail),
    c: () => form.current?.querySelector('textarea')?.focus(),
    'mod+enter': submit,
  })
  if (isOwn) return <p className="note note-info">{t('ownAnswer')}</p>
  return (
    <form
      ref={form}
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <ChoiceChips
        legend={t('yourScore')}
        options={[
          [SCORES.pass, `${t('pass')} (1)`],
          [SCORES.partial, `${t('partial')} (2)`],
          [SCORES.fail, `${t('fail')} (3)`],
        ]}
        value={text}
        onChange={setText}
      />
      <TextField
        label={t('exactScore')}
        inputMode="decimal"
        value={text}
        onChange={setText}
        problem={score.kind === 'problem' ? t('typedProblem') : undefined}
      />
      <TextField label={t('comment')} hint={t('commentHint')} rows={3} value={feedback} onChange={setFeedback} />
      {enter.error === null ? null : <ProblemNote error={enter.error} />}
      <div>
        <Button type="submit" kind="primary" hint={`${MOD} ↵`} aria-disabled={score.kind !== 'number' || enter.isBusy}>
          {t('submitScore')}
        </Button>
      </div>
    </form>
  )
}
