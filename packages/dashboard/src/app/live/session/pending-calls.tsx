import { type SessionStep, type SupervisionSessionDetail, visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { useNow } from '../../data/now.ts'
import { useSignedIn } from '../../data/session-context.ts'
import { useText } from '../../text/use-text.ts'
import { RiskBadge } from '../../ui/badges.tsx'
import { Button } from '../../ui/button.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Panel } from '../../ui/page.tsx'
import { ObjectDialog } from '../acts/object-dialog.tsx'
import { SESSION } from './session-messages.ts'
import type { Standing } from './standing.ts'

interface PendingCallsProps {
  readonly session: SupervisionSessionDetail
  readonly standing: Standing
}

/** The calls that wait to begin, with exactly what they would run with. */
export function PendingCalls({ session, standing }: PendingCallsProps): ReactNode {
  const t = useText(SESSION)
  const [objected, setObjected] = useState<SessionStep>()
  const waiting = session.steps.filter(({ state }) => state === 'waiting').toReversed()
  if (standing.isOver) return null
  return (
    <>
      {waiting.length === 0 ? null : (
        <Panel title={t('pending')} className="pending">
          {waiting.map((step) => (
            <div key={step.id} className="pending-call">
              <div className="line">
                <strong>{visibleText(step.action)}</strong>
                <RiskBadge risk={step.risk} />
                {step.startsAt === null || session.state === 'paused' ? null : <Announced startsAt={step.startsAt} />}
                {standing.may.has('object') ? (
                  <Button kind="danger" className="pending-object" onClick={() => setObjected(step)}>
                    {t('object')}
                  </Button>
                ) : null}
              </div>
              <JsonView value={step.correctedArgs ?? step.args} />
              <p className="muted small">
                {step.correctedArgs === null ? null : `${t('correctedArgs')}. `}
                {t('pendingNote')}
              </p>
            </div>
          ))}
        </Panel>
      )}
      {objected === undefined ? null : (
        <ObjectDialog sessionId={session.id} step={objected} onClose={() => setObjected(undefined)} />
      )}
    </>
  )
}

const SECOND = 1_000

/** How long there is to object, by the clock of the server. */
function Announced({ startsAt }: { readonly startsAt: string }): ReactNode {
  const t = useText(SESSION)
  const { clockOffset } = useSignedIn()
  const seconds = useNow((now) => Math.max(Math.ceil((Date.parse(startsAt) - now - clockOffset) / SECOND), 0))
  return (
    <span className="countdown countdown-red" role="timer">
      <span aria-hidden="true">◷</span> {t('beginsIn', { seconds })}
    </span>
  )
}
