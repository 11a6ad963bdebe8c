import { visibleText } from '@preceptor/client'
import type { ConsensusDetail, VoteRequest } from '@preceptor/orchestration/client'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useOrchestration } from '../workflows/use-orchestration.ts'
import { COLLABORATION } from './collaboration-messages.ts'
import { useMe } from './use-me.ts'

const ABSTAIN = -1

/** The vote of the signed-in person, where there is one that was not given yet. */
export function CastVote({ vote }: { readonly vote: ConsensusDetail }): ReactNode {
  const t = useText(COLLABORATION)
  const me = useMe()
  const { consensus } = useOrchestration()
  const client = useQueryClient()
  const [choice, setChoice] = useState<number>()
  const [reason, setReason] = useState('')
  const act = useAct({
    does: (request: VoteRequest) => consensus.vote(vote.id, request),
    says: () => t('votedSaid'),
    onDone: () => void client.invalidateQueries({ queryKey: ['collaboration', vote.collaboration] }),
  })
  const own = vote.electors.find(({ member }) => member === me)
  if (vote.state !== 'open' || own?.state !== 'open') return null
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const why = reason.trim() === '' ? {} : { reason: reason.trim() }
    const option = choice === undefined ? undefined : vote.options[choice]
    if (choice === ABSTAIN) act.run({ abstain: true, ...why })
    else if (option !== undefined) act.run({ option, ...why })
  }
  const options = vote.options.map((option, index) => [index, visibleText(option)] as const)
  return (
    <form className="stack co-cast" onSubmit={submit} aria-label={t('castTitle')}>
      <ChoiceChips
        legend={t('castTitle')}
        value={choice}
        options={[...options, [ABSTAIN, t('abstain')]]}
        onChange={setChoice}
      />
      <TextField label={t('reason')} value={reason} onChange={setReason} />
      {act.error === null || act.error === undefined ? null : <ProblemNote error={act.error} />}
      <div>
        <Button type="submit" kind="primary" disabled={act.isBusy || choice === undefined}>
          {t('cast')}
        </Button>
      </div>
    </form>
  )
}
