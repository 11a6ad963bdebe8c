import type { TrainingSession, TrainingSessionDetail, TypedScore } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useRefresh } from './course-acts.tsx'
import { readShare } from './hours-field.ts'
import { sessionActs } from './session-outlook.ts'
import { TRAINING } from './training-messages.ts'

const DONE = { start: 'doneStart', pause: 'donePause', resume: 'doneResume' } as const

/** What can be done with a session as it is. */
export function SessionActs({ session }: { readonly session: TrainingSessionDetail }): ReactNode {
  const t = useText(TRAINING)
  const { scope } = useSignedIn()
  const { supervises } = usePowers()
  const refresh = useRefresh()
  const [open, setOpen] = useState<'cancel' | 'type' | null>(null)
  const move = useAct<'start' | 'pause' | 'resume', TrainingSession>({
    does: (what) => scope.trainingSessions[what](session.id),
    says: (_, what) => t(DONE[what]),
    onDone: refresh,
  })
  const acts = supervises ? sessionActs(session.state) : []
  const close = (): void => setOpen(null)
  return (
    <>
      {acts.includes('start') ? (
        <Button kind="primary" onClick={() => move.run('start')}>
          {t('start')}
        </Button>
      ) : null}
      {acts.includes('pause') ? <Button onClick={() => move.run('pause')}>{t('pause')}</Button> : null}
      {acts.includes('resume') ? (
        <Button kind="primary" onClick={() => move.run('resume')}>
          {t('resume')}
        </Button>
      ) : null}
      {acts.includes('type') ? <Button onClick={() => setOpen('type')}>{t('typeScore')}</Button> : null}
      {acts.includes('cancel') ? (
        <Button kind="danger" onClick={() => setOpen('cancel')}>
          {t('cancel')}
        </Button>
      ) : null}
      {move.error === null ? null : <ProblemNote error={move.error} />}
      {open === 'cancel' ? <CancelDialog id={session.id} onClose={close} /> : null}
      {open === 'type' ? <TypeDialog id={session.id} onClose={close} /> : null}
    </>
  )
}

interface DialogProps {
  readonly id: string
  readonly onClose: () => void
}

function CancelDialog({ id, onClose }: DialogProps): ReactNode {
  const t = useText(TRAINING)
  const { scope } = useSignedIn()
  const refresh = useRefresh()
  const cancel = useAct<string, TrainingSession>({
    does: (reason) => scope.trainingSessions.cancel(id, reason),
    says: () => t('doneCancel'),
    onDone: () => {
      refresh()
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('cancelTitle')}
      description={t('cancelText')}
      confirm={{ label: t('cancel'), kind: 'danger' }}
      asksReason
      isBusy={cancel.isBusy}
      error={cancel.error}
      onConfirm={cancel.run}
      onClose={onClose}
    />
  )
}

function TypeDialog({ id, onClose }: DialogProps): ReactNode {
  const t = useText(TRAINING)
  const { scope } = useSignedIn()
  const refresh = useRefresh()
  const [text, setText] = useState('')
  const score = readShare(text)
  const complete = useAct<TypedScore, TrainingSession>({
    does: (typed) => scope.trainingSessions.complete(id, typed),
    says: () => t('doneType'),
    onDone: () => {
      refresh()
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('typeTitle')}
      description={t('typeText')}
      confirm={{ label: t('completeNow') }}
      asksReason
      isReady={score.kind === 'number'}
      isBusy={complete.isBusy}
      error={complete.error}
      onConfirm={(reason) => score.kind === 'number' && complete.run({ score: score.value, reason })}
      onClose={onClose}
    >
      <TextField
        label={t('typedScore')}
        inputMode="decimal"
        isRequired
        value={text}
        onChange={setText}
        problem={score.kind === 'problem' ? t('typedProblem') : undefined}
      />
    </AskDialog>
  )
}
