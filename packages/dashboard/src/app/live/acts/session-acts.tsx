import type { SupervisionSessionDetail } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../../data/session-context.ts'
import { useAct } from '../../data/use-act.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useKeptFocus } from '../../ui/use-kept-focus.ts'
import { isPaused, type SessionAct, type Standing } from '../session/standing.ts'
import type { Hold } from '../session/use-hold.ts'
import { ACTS } from './acts-messages.ts'
import { CorrectDialog } from './correct-dialog.tsx'
import { HandOverDialog } from './hand-over-dialog.tsx'
import { RateDialog } from './rate-dialog.tsx'
import { StopAgentDialog } from './stop-agent-dialog.tsx'
import { TakeOverDialog } from './take-over-dialog.tsx'
import { TerminateDialog } from './terminate-dialog.tsx'

interface SessionActsProps {
  readonly session: SupervisionSessionDetail
  readonly standing: Standing
  readonly hold: Hold
}

type Asked = 'correct' | 'terminate' | 'handOver' | 'takeOver' | 'rate' | 'stopAgent'

/** Everything by which a run is steered; nothing for whoever only reads. */
export function SessionActs({ session, standing, hold }: SessionActsProps): ReactNode {
  const t = useText(ACTS)
  const { isOffline } = useSignedIn()
  const [asked, setAsked] = useState<Asked>()
  const may = (act: SessionAct): boolean => standing.may.has(act) && !isOffline
  const open = (act: Asked) => (may(act) ? () => setAsked(act) : undefined)
  const { toggle, isBusy, error } = useToggle(session)
  const bar = useKeptFocus<HTMLElement>()
  const canToggle = may('pause') || may('resume')
  useKeys({
    ' ': canToggle && asked === undefined ? () => (isOnControl() ? false : toggle()) : undefined,
    c: open('correct'),
    'shift+t': open('terminate'),
  })
  if (standing.may.size === 0) return null
  return (
    <section className="bar" aria-label={t('bar')} tabIndex={-1} {...bar}>
      <div className="stack">
        {error === null ? null : <ProblemNote error={error} />}
        <div className="bar-buttons">
          {may('attach') || (hold.lost !== null && standing.isMine) ? <Attach session={session} hold={hold} /> : null}
          {may('takeOver') ? <Button onClick={open('takeOver')}>{t('takeOver')}</Button> : null}
          {canToggle ? <Toggle session={session} isBusy={isBusy} onToggle={toggle} /> : null}
          <ActButton label={t('correct')} hint="C" onClick={open('correct')} />
          <ActButton label={t('terminate')} hint="Shift T" kind="danger" onClick={open('terminate')} />
          <ActButton label={t('handOver')} onClick={open('handOver')} />
          <ActButton label={t(standing.isOver ? 'rate' : 'complete')} onClick={open('rate')} />
          <ActButton label={t('stop')} kind="quiet" onClick={open('stopAgent')} />
        </div>
      </div>
      <Asking asked={asked} session={session} standing={standing} onClose={() => setAsked(undefined)} />
    </section>
  )
}

interface ActButtonProps {
  readonly label: string
  readonly hint?: string
  readonly kind?: 'danger' | 'quiet'
  readonly onClick: (() => void) | undefined
}

function ActButton({ label, hint, kind, onClick }: ActButtonProps): ReactNode {
  if (onClick === undefined) return null
  return (
    <Button {...(kind === undefined ? {} : { kind })} {...(hint === undefined ? {} : { hint })} onClick={onClick}>
      {label}
    </Button>
  )
}

/** Space belongs to what has the focus. */
function isOnControl(): boolean {
  return (
    document.activeElement?.closest('a, button, input, select, summary, [role="tab"], [tabindex="0"]:is(section)') !=
    null
  )
}

interface ToggleAct {
  readonly isBusy: boolean
  readonly error: unknown
  toggle(): void
}

/** Asks the run to pause, or lets it go on: whichever it is not doing. */
function useToggle(session: SupervisionSessionDetail): ToggleAct {
  const t = useText(ACTS)
  const { scope } = useSignedIn()
  const client = useQueryClient()
  const act = useAct({
    does: (type: 'pause' | 'resume') => scope.sessions.intervene(session.id, { type }),
    says: (_, type) => t(type === 'pause' ? 'pauseSaid' : 'resumed'),
    onDone: (after) => client.setQueryData(['sessions', 'one', after.id], after),
  })
  return { isBusy: act.isBusy, error: act.error, toggle: () => act.run(isPaused(session) ? 'resume' : 'pause') }
}

interface ToggleProps {
  readonly session: SupervisionSessionDetail
  readonly isBusy: boolean
  readonly onToggle: () => void
}

function Toggle({ session, isBusy, onToggle }: ToggleProps): ReactNode {
  const t = useText(ACTS)
  const { state } = session
  return (
    <>
      {state === 'pausing' ? (
        <span className="pause-requested" role="status">
          <span aria-hidden="true">◐</span> {t('pauseRequested')}
        </span>
      ) : null}
      <Button kind={state === 'paused' ? 'primary' : 'plain'} hint="Space" aria-disabled={isBusy} onClick={onToggle}>
        <span aria-hidden="true">{isPaused(session) ? '▶' : '‖'}</span>
        {t(state === 'paused' ? 'resume' : state === 'pausing' ? 'letGoOn' : 'pause')}
      </Button>
    </>
  )
}

function Attach({ session, hold }: { readonly session: SupervisionSessionDetail; readonly hold: Hold }): ReactNode {
  const t = useText(ACTS)
  const { scope } = useSignedIn()
  const client = useQueryClient()
  const act = useAct({
    does: () => scope.sessions.attach(session.id),
    says: () => t('attached'),
    onDone: () => {
      hold.reset()
      void client.invalidateQueries({ queryKey: ['sessions'] })
    },
  })
  return (
    <>
      {act.error === null ? null : <ProblemNote error={act.error} />}
      <Button kind="primary" aria-disabled={act.isBusy} onClick={() => act.run()}>
        {t('attach')}
      </Button>
    </>
  )
}

interface AskingProps {
  readonly asked: Asked | undefined
  readonly session: SupervisionSessionDetail
  readonly standing: Standing
  readonly onClose: () => void
}

function Asking({ asked, session, standing, onClose }: AskingProps): ReactNode {
  switch (asked) {
    case 'correct':
      return <CorrectDialog session={session} onClose={onClose} />
    case 'terminate':
      return <TerminateDialog session={session} onClose={onClose} />
    case 'handOver':
      return <HandOverDialog session={session} onClose={onClose} />
    case 'takeOver':
      return <TakeOverDialog session={session} onClose={onClose} />
    case 'rate':
      return <RateDialog session={session} isOver={standing.isOver} onClose={onClose} />
    case 'stopAgent':
      return <StopAgentDialog agent={session.agent} onClose={onClose} />
    default:
      return null
  }
}
