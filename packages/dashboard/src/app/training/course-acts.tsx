import type { TrainingApproval, TrainingProposal } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { MOD, useKeys } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { TextField } from '../ui/text-field.tsx'
import { readPositive } from './hours-field.ts'
import { TRAINING } from './training-messages.ts'

interface CourseActsProps {
  readonly course: TrainingProposal
  /** Hours of the estimate. */
  readonly estimate: number | null
  readonly hasKeys: boolean
}

/** The decision on a proposed course; the first one stands. */
export function CourseActs({ course, estimate, hasKeys }: CourseActsProps): ReactNode {
  const t = useText(TRAINING)
  const { scope } = useSignedIn()
  const { supervises } = usePowers()
  const refresh = useRefresh()
  const [open, setOpen] = useState<'approve' | 'reject' | null>(null)
  const design = useAct({
    does: () => scope.trainingProposals.design(course.id),
    says: () => t('designed'),
    onDone: refresh,
  })
  const isOffered = supervises && course.state === 'proposed'
  const ask = (what: 'approve' | 'reject') => (): unknown => (isOffered && hasKeys ? setOpen(what) : false)
  useKeys({ 'mod+enter': ask('approve'), r: ask('reject') })
  const close = (): void => setOpen(null)
  if (!isOffered) return null
  return (
    <>
      <div className="course-acts">
        <Button kind="primary" {...(hasKeys && { hint: `${MOD} ↵` })} onClick={() => setOpen('approve')}>
          {t('approve')}
        </Button>
        <Button {...(hasKeys && { hint: 'R' })} onClick={() => setOpen('reject')}>
          {t('reject')}
        </Button>
        <Button kind="quiet" aria-disabled={design.isBusy} onClick={() => design.run()}>
          {t(design.isBusy ? 'designing' : 'design')}
        </Button>
      </div>
      {design.error === null ? null : <ProblemNote error={design.error} />}
      {open === 'approve' ? <ApproveDialog course={course} estimate={estimate} onClose={close} /> : null}
      {open === 'reject' ? <RejectDialog course={course} onClose={close} /> : null}
    </>
  )
}

interface DecideProps {
  readonly course: TrainingProposal
  readonly onClose: () => void
}

function ApproveDialog({ course, estimate, onClose }: DecideProps & Pick<CourseActsProps, 'estimate'>): ReactNode {
  const t = useText(TRAINING)
  const { scope } = useSignedIn()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const [hours, setHours] = useState('')
  const [perDay, setPerDay] = useState('')
  const [wanted, daily] = [readPositive(hours, 400), readPositive(perDay, 24)]
  const approve = useAct<TrainingApproval, TrainingProposal>({
    does: (approval) => scope.trainingProposals.approve(course.id, approval),
    says: () => t('approvedNow'),
    onDone: ({ sessionId }) => {
      refresh()
      onClose()
      if (sessionId === null) return
      void navigate({ to: '/training/sessions/$sessionId', params: { sessionId }, search: {} })
    },
  })
  return (
    <AskDialog
      title={t('approveTitle', { agent: course.agent })}
      description={t('approveText')}
      confirm={{ label: t('approve') }}
      isReady={wanted.kind !== 'problem' && daily.kind !== 'problem'}
      isBusy={approve.isBusy}
      error={approve.error}
      onClose={onClose}
      onConfirm={() =>
        approve.run({
          ...(wanted.kind === 'number' ? { durationHours: wanted.value } : {}),
          ...(daily.kind === 'number' ? { hoursPerDay: daily.value } : {}),
        })
      }
    >
      <TextField
        label={t('hours')}
        hint={t('hoursHint', { hours: estimate ?? 0 })}
        inputMode="decimal"
        value={hours}
        onChange={setHours}
        problem={wanted.kind === 'problem' ? t('hoursProblem') : undefined}
      />
      <TextField
        label={t('hoursPerDay')}
        hint={t('hoursPerDayHint')}
        inputMode="decimal"
        value={perDay}
        onChange={setPerDay}
        problem={daily.kind === 'problem' ? t('hoursPerDayProblem') : undefined}
      />
    </AskDialog>
  )
}

function RejectDialog({ course, onClose }: DecideProps): ReactNode {
  const t = useText(TRAINING)
  const { scope } = useSignedIn()
  const refresh = useRefresh()
  const reject = useAct<string, TrainingProposal>({
    does: (reason) => scope.trainingProposals.reject(course.id, reason),
    says: () => t('rejectedNow'),
    onDone: () => {
      refresh()
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('rejectTitle', { agent: course.agent })}
      description={t('rejectText')}
      confirm={{ label: t('reject'), kind: 'danger' }}
      asksReason
      isBusy={reject.isBusy}
      error={reject.error}
      onConfirm={reject.run}
      onClose={onClose}
    />
  )
}

/** Reads training anew, without waiting for the stream. */
export function useRefresh(): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries({ queryKey: ['training'] })
}
