import { type Agent, type Stop, visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { personText, timeText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { lastTimelineQuery, stopsQuery } from './agent-queries.ts'
import { AGENT_ACTS } from './agents-messages.ts'

const KINDS = { paused: 'agent.paused', stopped: 'agent.stopped', retired: 'agent.retired' } as const
const TEXTS = { paused: 'isPaused', stopped: 'isStopped', retired: 'isRetired' } as const

/** Why an agent does not run as its level says, in sight on each of its parts. */
export function AgentStanding({ agent }: { readonly agent: Agent }): ReactNode {
  const t = useText(AGENT_ACTS)
  const { scope } = useSignedIn()
  const { data: stops } = useQuery(stopsQuery(scope))
  const halts = (stops?.items ?? []).filter((stop) => halting(stop, agent.id))
  return (
    <>
      {halts.map((stop) => (
        <p key={stop.id} className="note note-bad">
          <strong>{t('isHalted', { target: stop.target })}</strong>{' '}
          <Said actor={stop.setBy} at={stop.setAt} reason={stop.reason} />
        </p>
      ))}
      <OutOfService agent={agent} />
      {agent.fingerprintCapped ? (
        <p className="note note-warn">
          <strong>{t('isCapped')}</strong>
        </p>
      ) : null}
    </>
  )
}

function halting({ liftedAt, target, agent }: Stop, id: string): boolean {
  return liftedAt === null && (target !== 'agent' || agent === id)
}

function OutOfService({ agent: { id, lifecycle } }: { readonly agent: Agent }): ReactNode {
  const t = useText(AGENT_ACTS)
  const { scope } = useSignedIn()
  const { data } = useQuery({ ...lastTimelineQuery(scope, id), enabled: lifecycle !== 'active' })
  if (lifecycle === 'active') return null
  const last = data?.items.find(({ kind }) => kind === KINDS[lifecycle])
  return (
    <p className={`note ${lifecycle === 'paused' ? 'note-warn' : 'note-bad'}`}>
      <strong>{t(TEXTS[lifecycle])}</strong>{' '}
      {last === undefined ? null : <Said actor={last.actor} at={last.at} reason={last.reason} />}
    </p>
  )
}

function Said(said: { readonly actor: string; readonly at: string; readonly reason: string | null }): ReactNode {
  const t = useText(AGENT_ACTS)
  return (
    <>
      {t('byWhom', { actor: visibleText(personText(said.actor)), time: timeText(said.at) })}
      <q className="agent-text">{visibleText(said.reason ?? '')}</q>
    </>
  )
}
