import { type SupervisionSessionDetail, visibleText } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { personText, timeText } from '../../data/format.ts'
import { useSignedIn } from '../../data/session-context.ts'
import { type Text, useText } from '../../text/use-text.ts'
import { AgentText } from '../../ui/agent-text.tsx'
import { CopyLink } from '../../ui/copy-link.tsx'
import { Meter } from '../../ui/meter.tsx'
import { Elapsed } from './elapsed.tsx'
import type { SessionFeed } from './session-feed.ts'
import { SESSION } from './session-messages.ts'
import { SessionState } from './session-state.tsx'
import type { Standing } from './standing.ts'

interface SessionHeadProps {
  readonly session: SupervisionSessionDetail
  readonly standing: Standing
  readonly feed: SessionFeed
  /** Why it is watched from here no more. */
  readonly lost: unknown
}

const PERCENT = 100

/** What runs, whose it is, how far it has come and how it stands. */
export function SessionHead({ session, standing, feed, lost }: SessionHeadProps): ReactNode {
  const t = useText(SESSION)
  const title = useRef<HTMLHeadingElement>(null)
  // Whoever opens a session reads on from its title.
  useEffect(() => title.current?.focus(), [])
  const { id, action, agent, run, state } = session
  const { progress } = feed
  return (
    <header className="session-head">
      <div className="line">
        <SessionState state={state} />
        <Elapsed session={session} />
        <span className="card-id">{id}</span>
        <CopyLink address={location.href.split('?', 1).join('')} label={t('copyLink')} />
      </div>
      <h1 className="session-title" tabIndex={-1} ref={title}>
        {t.rich('heading', {
          action: visibleText(action),
          agent: (
            <Link key="agent" to={`/agents/${encodeURIComponent(agent)}` as '/'} className="agent">
              {agent}
            </Link>
          ),
        })}
      </h1>
      <p className="line muted small">
        {t('run')} <code>{visibleText(run)}</code>
      </p>
      {progress === null ? null : (
        <p className="session-progress">
          <Meter
            label={t('progress')}
            share={progress.value}
            text={t('progressText', { percent: Math.round(progress.value * PERCENT) })}
          />
          {progress.message === '' ? null : <AgentText text={progress.message} />}
        </p>
      )}
      <Notes session={session} standing={standing} lost={lost} feed={feed} />
    </header>
  )
}

/** How it stands, in sentences; it is said aloud when it changes. */
function Notes({ session, standing, lost, feed }: SessionHeadProps): ReactNode {
  const t = useText(SESSION)
  const { isOffline } = useSignedIn()
  const notes = useNotes(session, standing, lost)
  const last = feed.lines.at(-1)?.at
  return (
    <>
      {isOffline && last !== undefined ? (
        <p role="status" className="note note-warn">
          {t('offline', { time: timeText(last) })}
        </p>
      ) : null}
      <div role="status" className="session-notes">
        {notes.map(([key, text, isPressing]) => (
          <p key={key} className={isPressing ? 'note note-warn' : 'muted'}>
            {text}
          </p>
        ))}
      </div>
    </>
  )
}

type Note = readonly [key: string, text: string, isPressing: boolean]

function useNotes(session: SupervisionSessionDetail, standing: Standing, lost: unknown): readonly Note[] {
  const t = useText(SESSION)
  const { identity } = useSignedIn()
  const me = identity.principal.id
  const { state, pausedBy, inFlight, handedTo, supervisorId, endReason, rating } = session
  const { isOver, isHeld, isMine } = standing
  const notes: (Note | false)[] = [
    state === 'starting' && ['starting', t('startingNote'), true],
    state === 'pausing' && ['pausing', t('pausingNote', { inFlight }), true],
    state === 'paused' && [
      'paused',
      pausedBy === 'lease' || pausedBy === null
        ? t('pausedByLease')
        : t('pausedBy', { who: nameOf(pausedBy, me, t('you')) }),
      true,
    ],
    !isOver && !isHeld && supervisorId === me && ['lapsed', t('lapsedNote'), true],
    !isOver && isMine && lost !== null && ['lost', t('lostNote'), true],
    !isOver && handedTo === me && !isMine && ['offered', t('offered', { who: personText(supervisorId ?? '') }), true],
    isMine && handedTo !== null && ['offering', t('offering', { who: handedTo }), false],
    isMine && ['leaving', t('leaving'), false],
    isOver && endReason !== null && ['ended', t('ended', { reason: visibleText(endReason) }), false],
    rating !== null && ['rated', ratedText(session, rating, t), false],
  ]
  return notes.filter((note) => note !== false)
}

function ratedText(
  { ratedBy, feedback }: SupervisionSessionDetail,
  rating: number,
  t: Text<keyof (typeof SESSION)['english']>,
): string {
  const who = visibleText(personText(ratedBy ?? ''))
  if (feedback === null || feedback === '') return t('rated', { rating, who })
  return t('ratedWith', { rating, who, feedback: visibleText(feedback) })
}

/** A principal by its name; who reads it is told so. */
export function nameOf(principal: string, me: string, you: string): string {
  const name = personText(principal)
  return name === me && !principal.startsWith('agent:') ? you : visibleText(name)
}
