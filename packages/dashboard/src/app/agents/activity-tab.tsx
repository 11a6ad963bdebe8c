import { type TimelineEntry, type TimelineKind, visibleText } from '@preceptor/client'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { personText, timeText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { Panel } from '../ui/page.tsx'
import { AGENT } from './agent-messages.ts'
import { AGENTS } from './agents-messages.ts'
import { scoreText } from './score-text.ts'
import { SourceLink } from './source-link.tsx'

const route = getRouteApi('/agents/$agentId')

const PAGE = 30

/** What became of the agent, and everything that is on record of it. */
export function ActivityTab(): ReactNode {
  const { agentId } = route.useParams()
  return (
    <>
      <Timeline agentId={agentId} />
      <Journal agentId={agentId} />
    </>
  )
}

function Timeline({ agentId }: { readonly agentId: string }): ReactNode {
  const t = useText(AGENT)
  const { scope } = useSignedIn()
  const list = usePages({
    queryKey: ['agent', agentId, 'timeline'],
    read: (cursor) => scope.agents.timeline(agentId, { limit: PAGE, ...cursorOf(cursor) }),
  })
  return (
    <Panel title={t('timelineTitle')}>
      <Listing list={list} empty={<Empty title={t('timelineNone')} />}>
        {(entries) => (
          <ol className="timeline">
            {entries.map((entry) => (
              <TimelineItem key={entry.id} entry={entry} />
            ))}
          </ol>
        )}
      </Listing>
    </Panel>
  )
}

const DID = {
  'agent.registered': ['didRegistered', '+', 'info'],
  'agent.promoted': ['didPromoted', '▲', 'good'],
  'agent.demoted': ['didDemoted', '▼', 'bad'],
  'agent.paused': ['didPaused', '‖', 'warn'],
  'agent.resumed': ['didResumed', '▸', 'good'],
  'agent.stopped': ['didStopped', '■', 'bad'],
  'agent.retired': ['didRetired', '⊘', 'quiet'],
  'agent.attested': ['didAttested', '✓', 'good'],
  'agent.capped': ['didCapped', '⚠', 'warn'],
  'agent.incident_recorded': ['didIncident', '!', 'bad'],
  'agent.incident_closed': ['didIncidentClosed', '✓', 'info'],
  'training_session.completed': ['didTraining', 'T', 'info'],
} as const satisfies Readonly<Record<TimelineKind, readonly [string, string, string]>>

function TimelineItem({ entry }: { readonly entry: TimelineEntry }): ReactNode {
  const t = useText(AGENT)
  const levels = useText(AGENTS)
  const { kind, at, actor, reason, to, confidence, capability, subjectId } = entry
  const [text, sign, tone] = DID[kind]
  return (
    <li className="timeline-item">
      <span className={`timeline-sign tone-${tone}`} aria-hidden="true">
        {sign}
      </span>
      <div className="timeline-body">
        <p className="line">
          <strong>{t(text, { to: to === null ? '' : levels(to) })}</strong>
          {capability === null || capability === '*' ? null : <code>{visibleText(capability)}</code>}
          {confidence === null ? null : (
            <span className="muted">{t('scoreAfter', { score: scoreText(confidence) })}</span>
          )}
          <SourceLink id={subjectId} />
        </p>
        <p className="muted small">{t('recordedBy', { actor: visibleText(personText(actor)), time: timeText(at) })}</p>
        {reason === null ? null : <AgentText text={reason} />}
      </div>
    </li>
  )
}

function Journal({ agentId }: { readonly agentId: string }): ReactNode {
  const t = useText(AGENT)
  const { scope } = useSignedIn()
  const list = usePages({
    queryKey: ['agent', agentId, 'journal'],
    read: (cursor) => scope.journal.list({ agent: agentId, limit: PAGE, ...cursorOf(cursor) }),
  })
  return (
    <Panel title={t('eventsTitle')}>
      <Listing list={list} empty={<Empty title={t('timelineNone')} />}>
        {(entries) => (
          <DataTable
            caption={t('eventsCaption')}
            className="record-table"
            rows={entries}
            keyOf={({ id }) => id}
            columns={[
              { key: 'at', title: t('when'), cell: ({ recordedAt }) => timeText(recordedAt) },
              { key: 'kind', title: t('event'), cell: ({ kind }) => <code>{kind}</code> },
              {
                key: 'by',
                title: t('by'),
                cell: ({ body }) => visibleText(personText(typeof body.actor === 'string' ? body.actor : '')),
              },
              { key: 'source', title: t('source'), cell: ({ subjectId }) => <SourceLink id={subjectId} /> },
            ]}
          />
        )}
      </Listing>
    </Panel>
  )
}
