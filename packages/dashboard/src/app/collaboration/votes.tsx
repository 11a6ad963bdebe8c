import { visibleText } from '@preceptor/client'
import type { Collaboration, ConsensusDetail } from '@preceptor/orchestration/client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { personText, timeText } from '../data/format.ts'
import { readWhole } from '../data/read-whole.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { useOrchestration } from '../workflows/use-orchestration.ts'
import { CastVote } from './cast-vote.tsx'
import { COLLABORATION } from './collaboration-messages.ts'
import { CollaborationState } from './collaboration-state.tsx'
import { ELECTOR_KEYS } from './collaboration-words.ts'
import { type OptionShare, sharesOf, tookPart } from './tally-share.ts'

/** Votes of a collaboration, newest first, with whoever has one. */
export function Votes({ session: { id } }: { readonly session: Collaboration }): ReactNode {
  const t = useText(COLLABORATION)
  const { consensus } = useOrchestration()
  const query = useQuery({
    queryKey: ['collaboration', id, 'votes'],
    queryFn: async () => {
      const all = await readWhole((page) => consensus.list({ collaboration: id, ...page }))
      return Promise.all(all.map((one) => consensus.get(one.id)))
    },
  })
  return (
    <Reading query={query}>
      {(votes) =>
        votes.length === 0 ? null : (
          <section className="stack" aria-labelledby="co-votes">
            <h2 id="co-votes" className="panel-title">
              {t('votes')}
            </h2>
            {votes.map((vote) => (
              <VotePanel key={vote.id} vote={vote} />
            ))}
          </section>
        )
      }
    </Reading>
  )
}

function VotePanel({ vote }: { readonly vote: ConsensusDetail }): ReactNode {
  const t = useText(COLLABORATION)
  const { topic, state, option, deadline, quorum, electors, threshold, data, tally } = vote
  const took = tookPart(vote)
  return (
    <Panel title={visibleText(topic)} actions={<CollaborationState state={state} />}>
      {option === null ? null : (
        <p>
          <strong>{t('won', { option: visibleText(option) })}</strong>
        </p>
      )}
      <ul className="co-options">
        {sharesOf(vote).map((share) => (
          <OptionBar key={share.option} share={share} threshold={threshold} />
        ))}
      </ul>
      <p className="muted small">
        {t('rule', { threshold: percentText(threshold), quorum, members: electors.length })}{' '}
        {t('tookPart', { took, quorum })} {tally.abstained === 0 ? null : t('abstained', { count: tally.abstained })}{' '}
        {state === 'open' ? t('until', { at: timeText(deadline) }) : null}
      </p>
      {Object.keys(data).length === 0 ? null : <JsonView value={data} />}
      <Electors vote={vote} />
      <CastVote vote={vote} />
    </Panel>
  )
}

function percentText(share: number): string {
  return `${Math.round(share * 10_000) / 100} %`
}

/** The share of an option of the weight that was cast, with a mark at the threshold. */
function OptionBar({ share, threshold }: { readonly share: OptionShare; readonly threshold: number }): ReactNode {
  const t = useText(COLLABORATION)
  const text = t('share', { share: percentText(share.share), votes: share.votes })
  return (
    <li className={share.isEnough ? 'co-option co-enough' : 'co-option'}>
      <span>
        <AgentText text={share.option} />
      </span>
      <svg
        viewBox="0 0 100 14"
        preserveAspectRatio="none"
        role="img"
        aria-label={t('barName', { text, threshold: percentText(threshold) })}
      >
        <rect x={0} y={3} width={100} height={8} className="co-bar-all" />
        <rect x={0} y={3} width={share.share * 100} height={8} className="co-bar" />
        <rect x={threshold * 100 - 0.3} y={0} width={0.6} height={14} className="co-mark" />
      </svg>
      <span className="small">
        {share.isEnough ? <span aria-hidden="true">✓ </span> : null}
        {text}
      </span>
    </li>
  )
}

function Electors({ vote: { electors, votes } }: { readonly vote: ConsensusDetail }): ReactNode {
  const t = useText(COLLABORATION)
  return (
    <DataTable
      caption={t('electors')}
      rows={electors}
      keyOf={({ member }) => member}
      columns={[
        { key: 'member', title: t('member'), cell: ({ member }) => visibleText(personText(member)) },
        { key: 'weight', title: t('weight'), isNumber: true, cell: ({ weight }) => (weight / 10_000).toFixed(4) },
        { key: 'state', title: t('state'), cell: ({ state }) => t(ELECTOR_KEYS[state]) },
        {
          key: 'vote',
          title: t('vote'),
          cell: ({ member }) => {
            const given = votes.find((one) => one.member === member)
            if (given === undefined) return '–'
            return given.option === null ? t('abstains') : <AgentText text={given.option} />
          },
        },
        {
          key: 'reason',
          title: t('reason'),
          cell: ({ member }) => <AgentText text={votes.find((one) => one.member === member)?.reason ?? '–'} />,
        },
      ]}
    />
  )
}
