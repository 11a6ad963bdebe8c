import type { Collaboration } from '@preceptor/orchestration/client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { usePowers } from '../data/roles.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { useInput } from '../workflows/execute-dialog.tsx'
import { useOrchestration } from '../workflows/use-orchestration.ts'
import { COLLABORATION } from './collaboration-messages.ts'
import { OpenVoteDialog } from './open-vote-dialog.tsx'

interface DialogProps {
  readonly session: Collaboration
  readonly onClose: () => void
}

/** What a person who supervises can do with a collaboration as it stands. */
export function SessionActions({ session }: { readonly session: Collaboration }): ReactNode {
  const t = useText(COLLABORATION)
  const { supervises } = usePowers()
  const [asked, setAsked] = useState<'begin' | 'vote' | 'cancel' | null>(null)
  const close = (): void => setAsked(null)
  if (!supervises || session.endedAt !== null) return null
  const isOpen = session.state === 'open'
  return (
    <>
      {isOpen ? (
        <Button kind="primary" onClick={() => setAsked('begin')}>
          {t('begin')}
        </Button>
      ) : (
        <Button onClick={() => setAsked('vote')}>{t('openVote')}</Button>
      )}
      <Button kind="danger" onClick={() => setAsked('cancel')}>
        {t('cancel')}
      </Button>
      {asked === 'begin' ? <BeginDialog session={session} onClose={close} /> : null}
      {asked === 'vote' ? <OpenVoteDialog session={session} onClose={close} /> : null}
      {asked === 'cancel' ? <CancelDialog session={session} onClose={close} /> : null}
    </>
  )
}

function BeginDialog({ session: { id }, onClose }: DialogProps): ReactNode {
  const t = useText(COLLABORATION)
  const { collaborations } = useOrchestration()
  const client = useQueryClient()
  const input = useInput(undefined)
  const act = useAct({
    does: () => collaborations.execute(id, { input: input.value ?? {} }),
    says: () => t('begunSaid'),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['collaboration', id] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('beginTitle')}
      description={t('beginWhat')}
      confirm={{ label: t('begin') }}
      isReady={input.value !== undefined}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() => act.run()}
      onClose={onClose}
    >
      {input.field}
    </AskDialog>
  )
}

function CancelDialog({ session: { id }, onClose }: DialogProps): ReactNode {
  const t = useText(COLLABORATION)
  const { collaborations } = useOrchestration()
  const client = useQueryClient()
  const act = useAct({
    does: (reason: string) => collaborations.cancel(id, reason),
    says: () => t('cancelledSaid'),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['collaboration', id] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('cancelTitle')}
      description={t('cancelWhat')}
      confirm={{ label: t('cancel'), kind: 'danger' }}
      asksReason
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    />
  )
}
