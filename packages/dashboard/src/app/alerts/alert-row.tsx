import { type Alert, visibleText } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { personText, timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { causeOf } from './alert-cause.ts'
import { ADVICE, ALERTS } from './alerts-messages.ts'
import { MuteDialog } from './mute-dialog.tsx'
import { SeverityBadge } from './severity-badge.tsx'

/** One alert: how much it matters, what is wrong, since when, who looks at it, and what to do about it. */
export function AlertRow({ alert }: { readonly alert: Alert }): ReactNode {
  const t = useText(ALERTS)
  const { code, severity, message, agent, subjectId, raisedAt, clearedAt, acknowledgedBy, mutedUntil } = alert
  const { supervises } = usePowers()
  return (
    <li className={clearedAt === null ? `alert alert-${severity}` : 'alert alert-past'}>
      <div className="stack tight alert-text">
        <p className="line">
          <SeverityBadge severity={severity} isPast={clearedAt !== null} />
          <strong>{titleOf(t, code)}</strong>
          {agent === null ? null : <span className="agent">{visibleText(agent)}</span>}
        </p>
        <p className="agent-text">{visibleText(message)}</p>
        {clearedAt === null ? <Advice code={code} /> : null}
        <p className="muted small line">
          <span>{t.rich('raised', { time: <RelativeTime key="time" at={raisedAt} /> })}</span>
          {clearedAt === null ? null : <span>{t('isCleared', { time: timeText(clearedAt) })}</span>}
          {acknowledgedBy === null ? null : (
            <span className="tag">👁 {t('acknowledged', { who: visibleText(personText(acknowledgedBy)) })}</span>
          )}
          {mutedUntil === null ? null : <span className="tag">{t('muted', { time: timeText(mutedUntil) })}</span>}
          <code>{visibleText(subjectId)}</code>
        </p>
      </div>
      <div className="line alert-acts">
        <CauseLink alert={alert} />
        {supervises ? <Acts alert={alert} /> : null}
      </div>
    </li>
  )
}

function Advice({ code }: { readonly code: string }): ReactNode {
  const advise = useText(ADVICE)
  return Object.hasOwn(ADVICE.english, code) ? <p>→ {advise(code as Alert['code'])}</p> : null
}

type T = ReturnType<typeof useText<keyof typeof ALERTS.english>>

function titleOf(t: T, code: string): string {
  return Object.hasOwn(ALERTS.english, code) ? t(code as Alert['code']) : t('other', { code: visibleText(code) })
}

function CauseLink({ alert }: { readonly alert: Alert }): ReactNode {
  const t = useText(ALERTS)
  const cause = causeOf(alert)
  if (cause === undefined) return null
  return (
    <Link
      to={cause.path as string}
      search={cause.search as never}
      className="button button-plain"
      aria-label={t('causeOf', { subject: visibleText(alert.subjectId) })}
    >
      {t('cause')}
    </Link>
  )
}

function Acts({ alert }: { readonly alert: Alert }): ReactNode {
  const t = useText(ALERTS)
  const { scope, isOffline } = useSignedIn()
  const [isMuting, setMuting] = useState(false)
  const acknowledge = useAct({
    does: () => scope.alerts.acknowledge(alert.id),
    says: () => t('acknowledgedSaid'),
  })
  const about = (
    <span className="visually-hidden">
      : {titleOf(t, alert.code)}, {visibleText(alert.subjectId)}
    </span>
  )
  return (
    <>
      {alert.clearedAt === null && alert.acknowledgedBy === null ? (
        <Button disabled={acknowledge.isBusy || isOffline} onClick={() => acknowledge.run()}>
          {t('acknowledge')}
          {about}
        </Button>
      ) : null}
      <Button kind="quiet" disabled={isOffline} onClick={() => setMuting(true)}>
        {t('mute')}
        {about}
      </Button>
      {acknowledge.error === null ? null : <ProblemNote error={acknowledge.error} />}
      {isMuting ? <MuteDialog alert={alert} onClose={() => setMuting(false)} /> : null}
    </>
  )
}
