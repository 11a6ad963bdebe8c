import type { Intervention } from '@preceptor/client'
import type { ReactNode } from 'react'
import { personText, timeText } from '../../data/format.ts'
import { useText } from '../../text/use-text.ts'
import { AgentText } from '../../ui/agent-text.tsx'
import { Panel } from '../../ui/page.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { SESSION } from './session-messages.ts'

const SIGNS = { pause: '‖', resume: '▶', correct: '✎', terminate: '■', object: '⊘' } as const

/** What people did to the run, newest first, and whether it has reached it. */
export function Interventions({ interventions }: { readonly interventions: readonly Intervention[] }): ReactNode {
  const t = useText(SESSION)
  return (
    <Panel title={t('interventions')}>
      {interventions.length === 0 ? <p className="muted">{t('noInterventions')}</p> : null}
      <ol className="interventions">
        {interventions.map(({ id, type, requestedBy, requestedAt, appliedAt, guidance, reason }) => (
          <li key={id}>
            <p>
              <span aria-hidden="true">{SIGNS[type]}</span> <strong>{t(type)}</strong> · {personText(requestedBy)} ·{' '}
              <RelativeTime at={requestedAt} />
            </p>
            {guidance === null ? null : (
              <p className="quote">
                <AgentText text={guidance} />
              </p>
            )}
            {reason === null ? null : (
              <p className="muted">
                <AgentText text={reason} />
              </p>
            )}
            {type !== 'correct' ? null : (
              <p className="muted small" title={appliedAt === null ? undefined : timeText(appliedAt)}>
                {t(appliedAt === null ? 'asked' : 'reached')}
              </p>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  )
}
