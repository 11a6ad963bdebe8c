import { visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { personText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { CARD } from './card-messages.ts'

/** Who took a proposal back, and why: that is in the journal alone, and for who may read its bodies. */
export function Withdrawal({ id }: { readonly id: string }): ReactNode {
  const t = useText(CARD)
  const { scope } = useSignedIn()
  const { data } = useQuery({
    queryKey: ['journal', 'withdrawal', id],
    queryFn: () => scope.journal.list({ subject: id, kind: 'proposal.cancelled', limit: 1 }),
  })
  const { actor, reason } = data?.items[0]?.body ?? {}
  if (typeof actor !== 'string' || typeof reason !== 'string') return null
  return (
    <>
      {t.rich('withdrew', { who: personText(actor), b: (parts) => <strong>{parts}</strong> })}
      <p className="quote">{visibleText(reason)}</p>
    </>
  )
}
