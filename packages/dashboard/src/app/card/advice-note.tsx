import { type Advice, type AdviceVerdict, type ProposalCard, visibleText } from '@preceptor/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { isReviewer } from '../decide/use-decision.ts'
import { useAnnounce } from '../ui/announcer.tsx'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { ChangeList } from './change-list.tsx'

const VERDICT_WORDS: Readonly<Record<AdviceVerdict, string>> = {
  approve: 'Nothing speaks against it',
  modify: 'Better with other arguments',
  reject: 'Better not',
  escalate: 'Look closely: this is for a person to judge',
}

/** What the meta-agent advises, for reviewers only. It decides nothing, and says so. */
export function AdviceNote({ card }: { readonly card: ProposalCard }): ReactNode {
  const { identity } = useSignedIn()
  const { advice, proposal } = card
  const mayAsk = proposal.state === 'pending' && isReviewer(identity)
  if (advice === null && !mayAsk) return null
  return (
    <section className="panel" aria-labelledby="advice-title">
      <h3 id="advice-title" className="panel-title">
        Advice <span className="tag">decides nothing</span>
      </h3>
      {advice === null ? (
        <p className="muted">Nobody has asked for advice on this version.</p>
      ) : (
        <Given advice={advice} />
      )}
      {mayAsk ? <AskForAdvice id={proposal.id} isAgain={advice !== null} /> : null}
    </section>
  )
}

function Given({ advice }: { readonly advice: Advice }): ReactNode {
  const { verdict, reasons, suggestions, by, createdAt } = advice
  return (
    <>
      <p>
        <strong>{VERDICT_WORDS[verdict]}</strong>
      </p>
      <p className="muted small">
        By {authorText(by)}, <RelativeTime at={createdAt} />
      </p>
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>{visibleText(reason)}</li>
        ))}
      </ul>
      {suggestions.length === 0 ? null : <ChangeList changes={suggestions} />}
    </>
  )
}

function authorText(by: string): string {
  return by === 'rules' ? 'rules' : `the model ${visibleText(by.slice(by.indexOf(':') + 1))}`
}

function AskForAdvice({ id, isAgain }: { readonly id: string; readonly isAgain: boolean }): ReactNode {
  const { scope, isOffline } = useSignedIn()
  const client = useQueryClient()
  const announce = useAnnounce()
  const ask = useMutation({
    networkMode: 'always',
    mutationFn: () => scope.proposals.advise(id),
    onSuccess: async () => {
      announce('There is advice.')
      await client.invalidateQueries({ queryKey: ['card', id] })
    },
  })
  return (
    <>
      <Button kind="quiet" onClick={() => ask.mutate()} disabled={ask.isPending || isOffline}>
        {isAgain ? 'Ask again' : 'Ask for advice'}
      </Button>
      {ask.isError ? <ProblemNote error={ask.error} /> : null}
    </>
  )
}
