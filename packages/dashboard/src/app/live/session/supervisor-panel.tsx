import type { SupervisionSessionDetail } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { scoreText } from '../../agents/score-text.ts'
import { useNow } from '../../data/now.ts'
import { usePowers } from '../../data/roles.ts'
import { useSignedIn } from '../../data/session-context.ts'
import { useText } from '../../text/use-text.ts'
import { Panel } from '../../ui/page.tsx'
import { nameOf } from './session-head.tsx'
import { SESSION } from './session-messages.ts'
import type { Standing } from './standing.ts'

interface SupervisorPanelProps {
  readonly session: SupervisionSessionDetail
  readonly standing: Standing
}

const AGENT = 'agent:'

/** Who watches: a person or an agent, until when, and what follows when nobody does. */
export function SupervisorPanel({ session, standing }: SupervisorPanelProps): ReactNode {
  const t = useText(SESSION)
  const { identity } = useSignedIn()
  const { supervisorId } = session
  return (
    <Panel title={t('watcher')}>
      {supervisorId === null ? (
        <p>{t('nobody')}</p>
      ) : (
        <>
          <p className="supervisor">
            <span aria-hidden="true" className="supervisor-sign">
              {supervisorId.startsWith(AGENT) ? '⚙' : '☻'}
            </span>
            <span>
              <strong>{nameOf(supervisorId, identity.principal.id, `${supervisorId} (${t('you')})`)}</strong>{' '}
              <span className="muted">{t(standing.isHeld ? 'held' : 'heldLast')}</span>
            </span>
          </p>
          <dl className="facts small">
            {supervisorId.startsWith(AGENT) ? (
              <AgentFacts id={supervisorId.slice(AGENT.length)} />
            ) : (
              <PersonFacts id={supervisorId} />
            )}
            {standing.isOver ? null : <Lease expiresAt={session.supervisorLeaseExpiresAt} />}
          </dl>
        </>
      )}
      {standing.isOver ? null : <Fallback />}
    </Panel>
  )
}

const SECOND = 1_000

function Lease({ expiresAt }: { readonly expiresAt: string | null }): ReactNode {
  const t = useText(SESSION)
  const { clockOffset } = useSignedIn()
  const end = expiresAt === null ? 0 : Date.parse(expiresAt)
  const seconds = useNow((now) => Math.max(Math.ceil((end - now - clockOffset) / SECOND), 0))
  return (
    <>
      <dt>{t('lease')}</dt>
      <dd>{seconds === 0 ? t('leaseOver') : t('leaseLeft', { seconds })}</dd>
    </>
  )
}

const WORDS = { online: 'online', away: 'away', offline: 'offlineState' } as const

function PersonFacts({ id }: { readonly id: string }): ReactNode {
  const t = useText(SESSION)
  const { scope } = useSignedIn()
  const { data } = useQuery({ queryKey: ['presence', 'of', id], queryFn: () => scope.presence.get(id) })
  return (
    <>
      <dt>{t('person')}</dt>
      <dd>{data === undefined ? '' : t(WORDS[data.state])}</dd>
    </>
  )
}

function AgentFacts({ id }: { readonly id: string }): ReactNode {
  const t = useText(SESSION)
  const { scope } = useSignedIn()
  const { data } = useQuery({ queryKey: ['agent', id], queryFn: () => scope.agents.get(id) })
  return (
    <>
      <dt>{t('agent')}</dt>
      <dd>
        <Link to={`/agents/${encodeURIComponent(id)}` as '/'}>{id}</Link>
      </dd>
      <dt>{t('confidence')}</dt>
      <dd>{data === undefined ? '' : scoreText(data.confidence)}</dd>
    </>
  )
}

/** What follows when nobody watches, as the policy says. */
function Fallback(): ReactNode {
  const t = useText(SESSION)
  const { scope } = useSignedIn()
  const { supervises } = usePowers()
  const policy = useQuery({ queryKey: ['policies', 'current'], queryFn: () => scope.policies.current() })
  const supervision = policy.data?.document.supervision
  const isOn = typeof supervision === 'object' && supervision !== null && Reflect.get(supervision, 'reviewers') === true
  const reviewers = useQuery({
    queryKey: ['reviewers', 'all'],
    queryFn: () => scope.reviewers.list({ limit: 100 }),
    enabled: isOn && supervises,
  })
  if (policy.data === undefined || (isOn && !supervises)) return null
  const ready = reviewers.data?.items.filter(
    ({ state, record }) => state === 'active' && (record.counts.safe || record.counts.medium),
  )
  const names = ready?.map(({ agent }) => agent).join(', ') ?? ''
  return (
    <p className="small muted">
      <strong>{t('fallback')}:</strong>{' '}
      {isOn
        ? names === ''
          ? t('fallbackReviewersNone')
          : t('fallbackReviewers', { reviewers: names })
        : t('fallbackQueue')}
    </p>
  )
}
