import type { ProposalCard } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { cardQuery } from '../data/card.ts'
import { useIsEmbedded } from '../data/embedding.ts'
import { useSignedIn } from '../data/session-context.ts'
import { DecisionBar } from '../decide/decision-bar.tsx'
import { useDecision } from '../decide/use-decision.ts'
import { useKeys } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { useAnnounce } from '../ui/announcer.tsx'
import { CountdownAnnouncement } from '../ui/countdown.tsx'
import { Main } from '../ui/main.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { CardBody } from './card-body.tsx'
import { CardHead } from './card-head.tsx'
import { CARD_PAGE } from './card-page-messages.ts'
import { CardTabs } from './card-tabs.tsx'
import { Comments } from './comments.tsx'
import { Stewards } from './stewards.tsx'
import { type CardTab, useCardView } from './use-card-view.ts'

const route = getRouteApi('/inbox/$proposalId')

/** One proposal: everything that a person needs to decide, and the decision. */
export function CardPage(): ReactNode {
  const { proposalId } = route.useParams()
  const { scope } = useSignedIn()
  const query = useQuery(cardQuery(scope, proposalId))
  const navigate = useNavigate()
  const search = route.useSearch()
  const back = (): void => void navigate({ to: '/inbox', search })
  const t = useText(CARD_PAGE)
  useKeys({ escape: back })
  return (
    <Main className="card" aria-labelledby="card-title">
      <p className="card-back">
        <Link to="/inbox" search={search}>
          {t('back')}
        </Link>
      </p>
      {query.isError ? <ProblemNote error={query.error} /> : null}
      {query.isPending ? <p className="card-wait">{t('reading')}</p> : null}
      {/* What was read and typed about one version says nothing about the next: it begins anew. */}
      {query.data === undefined ? null : (
        <Card key={`${proposalId} ${query.data.proposal.version}`} card={query.data} />
      )}
      <VersionAnnouncement key={proposalId} version={query.data?.proposal.version} />
    </Main>
  )
}

function Card({ card }: { readonly card: ProposalCard }): ReactNode {
  const title = useRef<HTMLHeadingElement>(null)
  const view = useCardView()
  const decision = useDecision(card, view)
  // Whoever opens a card reads on from its title.
  useEffect(() => title.current?.focus(), [])
  const { proposal } = card
  const link = (): void => void navigator.clipboard?.writeText(location.href).catch(() => undefined)
  const isEmbedded = useIsEmbedded()
  useKeys({ v: () => view.setTab(nextTab(view.tab)), y: isEmbedded ? undefined : link })
  return (
    <>
      <article className="card-content">
        <CardHead card={card} titleRef={title}>
          <Stewards proposal={proposal} decision={decision} />
        </CardHead>
        <CardTabs card={card} view={view} />
        <CardBody card={card} decision={decision} />
        <Comments id={proposal.id} />
        {proposal.state === 'pending' ? <CountdownAnnouncement expiresAt={proposal.expiresAt} /> : null}
      </article>
      <DecisionBar card={card} view={view} decision={decision} />
    </>
  )
}

/** Says that the proposal changed while it was read. */
function VersionAnnouncement({ version }: { readonly version: number | undefined }): ReactNode {
  const announce = useAnnounce()
  const t = useText(CARD_PAGE)
  const seen = useRef(version)
  useEffect(() => {
    if (version === undefined || seen.current === version) return
    if (seen.current !== undefined) announce(t('changed', { version }))
    seen.current = version
  }, [version, announce, t])
  return null
}

const TABS: readonly CardTab[] = ['preview', 'json', 'changes']

function nextTab(tab: CardTab): CardTab {
  return TABS[(TABS.indexOf(tab) + 1) % TABS.length] ?? 'preview'
}
