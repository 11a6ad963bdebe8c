import '../styles/collaboration.css'
import { visibleText } from '@preceptor/client'
import type { CollaborationDetail } from '@preceptor/orchestration/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { personText } from '../data/format.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Page, Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { ToAgent } from '../ui/to-agent.tsx'
import { useOrchestration } from '../workflows/use-orchestration.ts'
import { COLLABORATION } from './collaboration-messages.ts'
import { CollaborationState } from './collaboration-state.tsx'
import { MODE_KEYS, PHASE_KEYS } from './collaboration-words.ts'
import { Delegations } from './delegations.tsx'
import { Messages } from './messages.tsx'
import { SessionActions } from './session-actions.tsx'
import { SharedContext } from './shared-context.tsx'
import { Votes } from './votes.tsx'

const route = getRouteApi('/collab/$sessionId')

/** One collaboration: who is in it, what was said, shared, delegated and voted. */
export function CollaborationSessionPage(): ReactNode {
  const t = useText(COLLABORATION)
  const { sessionId } = route.useParams()
  const { collaborations } = useOrchestration()
  const query = useQuery({ queryKey: ['collaboration', sessionId], queryFn: () => collaborations.get(sessionId) })
  const { data } = query
  return (
    <Page
      title={data === undefined ? t('collaboration') : <AgentText text={data.task} />}
      actions={data === undefined ? undefined : <SessionActions session={data} />}
    >
      <p>
        <Link to="/collab" search={{}}>
          {t('back')}
        </Link>
      </p>
      <Reading query={query}>{(session) => <Body key={session.id} session={session} />}</Reading>
    </Page>
  )
}

function Body({ session }: { readonly session: CollaborationDetail }): ReactNode {
  const t = useText(COLLABORATION)
  const { failure, state, output, input } = session
  return (
    <>
      <Head session={session} />
      {failure === null ? null : (
        <div className="note note-bad">
          <strong>{failure.member === null ? null : visibleText(personText(failure.member))}</strong>{' '}
          <code>{failure.code}</code> <AgentText text={failure.message} />
        </div>
      )}
      <Votes session={session} />
      <div className="panels">
        <Members session={session} />
        <SharedContext session={session} />
      </div>
      <Messages session={session} />
      <Delegations session={session} />
      <Turns session={session} />
      <div className="panels">
        {input === null ? null : (
          <Panel title={t('input')}>
            <JsonView value={input} />
          </Panel>
        )}
        {state === 'completed' ? (
          <Panel title={t('output')}>
            <JsonView value={output} />
          </Panel>
        ) : null}
      </div>
    </>
  )
}

function Head({ session }: { readonly session: CollaborationDetail }): ReactNode {
  const t = useText(COLLABORATION)
  const { state, mode, createdBy, createdAt, id } = session
  return (
    <div className="line">
      <span role="status">
        <CollaborationState state={state} />
      </span>
      <span>{t(MODE_KEYS[mode])}</span>
      <span className="muted">
        {t.rich('madeAgo', { ago: <RelativeTime at={createdAt} />, by: visibleText(personText(createdBy)) })}
      </span>
      <code className="muted small">{id}</code>
      <CopyButton text={location.href} label={t('copyLink')} />
    </div>
  )
}

function Members({ session: { members } }: { readonly session: CollaborationDetail }): ReactNode {
  const t = useText(COLLABORATION)
  return (
    <Panel title={t('members')}>
      <ul className="stack">
        {members.map(({ name, kind, id, role, action }) => (
          <li key={name} className="line">
            {kind === 'agent' ? <ToAgent id={id} /> : <span>{visibleText(id)}</span>}
            <span className="tag">{t(kind === 'agent' ? 'agent' : 'person')}</span>
            {role === 'lead' ? <span className="tag">{t('lead')}</span> : null}
            {action === null ? null : <code className="small">{visibleText(action)}</code>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Turns({ session: { turns } }: { readonly session: CollaborationDetail }): ReactNode {
  const t = useText(COLLABORATION)
  if (turns.length === 0) return null
  return (
    <section className="stack" aria-labelledby="co-turns">
      <h2 id="co-turns" className="panel-title">
        {t('turns')}
      </h2>
      <DataTable
        caption={t('turns')}
        rows={turns}
        keyOf={({ id }) => id}
        columns={[
          { key: 'member', title: t('member'), cell: ({ member }) => visibleText(personText(member)) },
          { key: 'phase', title: t('phase'), cell: ({ phase }) => t(PHASE_KEYS[phase]) },
          { key: 'state', title: t('state'), cell: ({ state }) => <CollaborationState state={state} /> },
          {
            key: 'output',
            title: t('output'),
            cell: ({ output, failure, state }) =>
              failure === null ? (
                state === 'succeeded' ? (
                  <JsonView value={output} />
                ) : (
                  '–'
                )
              ) : (
                <>
                  <code className="bad">{failure.code}</code> <AgentText text={failure.message} />
                </>
              ),
          },
          { key: 'at', title: t('begun'), cell: ({ startedAt }) => <RelativeTime at={startedAt} /> },
        ]}
      />
    </section>
  )
}
