import { type Advice, type AdviceVerdict, type ProposalCard, visibleText } from '@preceptor/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { withChanges } from '../data/arg-changes.ts'
import { useSignedIn } from '../data/session-context.ts'
import { type Decision, isReviewer } from '../decide/use-decision.ts'
import { useText } from '../text/use-text.ts'
import { useAnnounce } from '../ui/announcer.tsx'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { CARD_PAGE } from './card-page-messages.ts'
import { ChangeList } from './change-list.tsx'

const VERDICTS = {
  approve: 'adviceApprove',
  modify: 'adviceModify',
  reject: 'adviceReject',
  escalate: 'adviceEscalate',
} as const satisfies Readonly<Record<AdviceVerdict, string>>

interface AdviceNoteProps {
  readonly card: ProposalCard
  readonly decision: Decision
}

/** What the meta-agent advises, for reviewers only. It decides nothing, and says so. */
export function AdviceNote({ card, decision }: AdviceNoteProps): ReactNode {
  const t = useText(CARD_PAGE)
  const { identity } = useSignedIn()
  const { advice, proposal } = card
  const mayAsk = proposal.state === 'pending' && isReviewer(identity)
  if (advice === null && !mayAsk) return null
  return (
    <section className="panel" aria-labelledby="advice-title">
      <h3 id="advice-title" className="panel-title">
        {t('advice')} <span className="tag">{t('decidesNothing')}</span>
      </h3>
      {advice === null ? <p className="muted">{t('noAdvice')}</p> : <Given advice={advice} />}
      {advice !== null && advice.suggestions.length > 0 && decision.may.has('edit') ? (
        <Button onClick={() => decision.open('edit', withChanges(proposal.args, advice.suggestions))}>
          {t('apply')}
        </Button>
      ) : null}
      {mayAsk ? <AskForAdvice id={proposal.id} isAgain={advice !== null} /> : null}
    </section>
  )
}

function Given({ advice }: { readonly advice: Advice }): ReactNode {
  const t = useText(CARD_PAGE)
  const { verdict, reasons, suggestions, by, createdAt } = advice
  const author = by === 'rules' ? t('rules') : t('model', { name: visibleText(by.slice(by.indexOf(':') + 1)) })
  return (
    <>
      <p>
        <strong>{t(VERDICTS[verdict])}</strong>
      </p>
      <p className="muted small">{t.rich('adviceBy', { author, when: () => <RelativeTime at={createdAt} /> })}</p>
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>{visibleText(reason)}</li>
        ))}
      </ul>
      {suggestions.length === 0 ? null : <ChangeList changes={suggestions} />}
    </>
  )
}

function AskForAdvice({ id, isAgain }: { readonly id: string; readonly isAgain: boolean }): ReactNode {
  const { scope, isOffline } = useSignedIn()
  const t = useText(CARD_PAGE)
  const client = useQueryClient()
  const announce = useAnnounce()
  const ask = useMutation({
    networkMode: 'always',
    mutationFn: () => scope.proposals.advise(id),
    onSuccess: async () => {
      announce(t('thereIsAdvice'))
      await client.invalidateQueries({ queryKey: ['card', id] })
    },
  })
  return (
    <>
      <Button kind="quiet" onClick={() => ask.mutate()} disabled={ask.isPending || isOffline}>
        {t(isAgain ? 'askAgain' : 'ask')}
      </Button>
      {ask.isError ? <ProblemNote error={ask.error} /> : null}
    </>
  )
}
