import { type Agent, type Incident, visibleText } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { personText, timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { Listing } from '../ui/listing.tsx'
import { Panel } from '../ui/page.tsx'
import { AGENT } from './agent-messages.ts'
import { AGENTS } from './agents-messages.ts'
import { useAgentChange } from './use-agent-change.ts'

const PAGE = 10

/** Incidents of the agent: recorded by who supervises, closed by an administrator. */
export function IncidentsPanel({ agentId }: { readonly agentId: string }): ReactNode {
  const t = useText(AGENT)
  const { scope } = useSignedIn()
  const { supervises } = usePowers()
  const [isRecording, setRecording] = useState(false)
  const list = usePages({
    queryKey: ['agent', agentId, 'incidents'],
    read: (cursor) => scope.agents.incidents(agentId, { limit: PAGE, ...cursorOf(cursor) }),
  })
  return (
    <Panel
      title={t('incidentsTitle')}
      actions={
        supervises ? (
          <Button kind="quiet" onClick={() => setRecording(true)}>
            {t('incidentRecord')}
          </Button>
        ) : undefined
      }
    >
      <Listing list={list} empty={<p className="muted">{t('incidentsNone')}</p>}>
        {(incidents) => (
          <ul className="stack">
            {incidents.map((incident) => (
              <IncidentItem key={incident.id} agentId={agentId} incident={incident} />
            ))}
          </ul>
        )}
      </Listing>
      {isRecording ? <RecordDialog agentId={agentId} onClose={() => setRecording(false)} /> : null}
    </Panel>
  )
}

interface IncidentItemProps {
  readonly agentId: string
  readonly incident: Incident
}

function IncidentItem({ agentId, incident }: IncidentItemProps): ReactNode {
  const t = useText(AGENT)
  const { administers } = usePowers()
  const [isClosing, setClosing] = useState(false)
  const { reason, recordedBy, createdAt, closedBy, closedReason, closedAt } = incident
  const isOpen = closedAt === null
  return (
    <li className="incident">
      <div className="line">
        <span className={`badge ${isOpen ? 'tone-bad' : 'tone-quiet'}`}>
          <span aria-hidden="true">{isOpen ? '!' : '✓'}</span>
          {t(isOpen ? 'incidentOpen' : 'incidentIsClosed')}
        </span>
        <span className="muted small">
          {t('recordedBy', { actor: visibleText(personText(recordedBy ?? '')), time: timeText(createdAt) })}
        </span>
        {isOpen && administers ? (
          <Button kind="quiet" onClick={() => setClosing(true)}>
            {t('incidentClose')}
          </Button>
        ) : null}
      </div>
      <AgentText text={reason ?? ''} />
      {isOpen ? null : (
        <p className="muted small">
          {t('closedBy', { actor: visibleText(personText(closedBy ?? '')), time: timeText(closedAt) })}
          <AgentText text={closedReason ?? ''} />
        </p>
      )}
      {isClosing ? <CloseDialog agentId={agentId} incident={incident} onClose={() => setClosing(false)} /> : null}
    </li>
  )
}

function CloseDialog({ agentId, incident, onClose }: IncidentItemProps & { readonly onClose: () => void }): ReactNode {
  const t = useText(AGENT)
  const { scope } = useSignedIn()
  const client = useQueryClient()
  const close = useAct<string, Incident>({
    does: (reason) => scope.agents.closeIncident(agentId, incident.id, reason),
    says: () => t('incidentClosed'),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['agent', agentId] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('incidentCloseTitle')}
      description={t('incidentCloseText')}
      confirm={{ label: t('incidentClose') }}
      asksReason
      isBusy={close.isBusy}
      error={close.error}
      onConfirm={close.run}
      onClose={onClose}
    />
  )
}

function RecordDialog({ agentId, onClose }: { readonly agentId: string; readonly onClose: () => void }): ReactNode {
  const t = useText(AGENT)
  const levels = useText(AGENTS)
  const { scope } = useSignedIn()
  const record = useAct<string, Agent>({
    does: (reason) => scope.agents.recordIncident(agentId, reason),
    says: ({ id, maturity }) => t('incidentRecorded', { agent: id, level: levels(maturity) }),
    onDone: useAgentChange(agentId, onClose),
  })
  return (
    <AskDialog
      title={t('incidentTitle', { agent: agentId })}
      description={t('incidentText')}
      confirm={{ label: t('incidentRecord'), kind: 'danger' }}
      asksReason
      isBusy={record.isBusy}
      error={record.error}
      onConfirm={record.run}
      onClose={onClose}
    />
  )
}
