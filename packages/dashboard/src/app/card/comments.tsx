import { visibleText } from '@preceptor/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import { commentsQuery } from '../data/comments.ts'
import { personText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { isReviewer } from '../decide/use-decision.ts'
import { useKeys } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { useAnnounce } from '../ui/announcer.tsx'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { CARD } from './card-messages.ts'

/** Notes of the reviewers for each other; agents never see them. */
export function Comments({ id }: { readonly id: string }): ReactNode {
  const { scope, identity } = useSignedIn()
  const t = useText(CARD)
  const mayRead = isReviewer(identity)
  const comments = useQuery({ ...commentsQuery(scope, id), enabled: mayRead })
  if (!mayRead) return null
  return (
    <section className="panel" aria-labelledby="comments-title">
      <h3 id="comments-title" className="panel-title">
        {t.rich('comments', { tag: (parts) => <span className="tag">{parts}</span> })}
      </h3>
      {comments.isError ? <ProblemNote error={comments.error} /> : null}
      <ol className="activity">
        {comments.data?.map(({ id: comment, author, text, createdAt }) => (
          <li key={comment}>
            {t.rich('comment', {
              who: personText(author),
              when: <RelativeTime at={createdAt} />,
              b: (parts) => <strong>{parts}</strong>,
            })}
            <p className="quote">{visibleText(text)}</p>
          </li>
        ))}
      </ol>
      <CommentForm id={id} />
    </section>
  )
}

const LONGEST = 4_000

function CommentForm({ id }: { readonly id: string }): ReactNode {
  const { scope, isOffline } = useSignedIn()
  const t = useText(CARD)
  const client = useQueryClient()
  const announce = useAnnounce()
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState('')
  useKeys({ c: () => field.current?.focus() })
  const send = useMutation({
    networkMode: 'always',
    mutationFn: () => scope.proposals.comment(id, text.trim()),
    onSuccess: async () => {
      setText('')
      announce(t('commentAdded'))
      await client.invalidateQueries({ queryKey: ['comments', id] })
    },
  })
  const isReady = text.trim() !== '' && !send.isPending && !isOffline
  const submit = (event: FormEvent | KeyboardEvent): void => {
    event.preventDefault()
    if (isReady) send.mutate()
  }
  return (
    <form className="comment-form" onSubmit={submit}>
      <textarea
        ref={field}
        rows={2}
        value={text}
        maxLength={LONGEST}
        aria-label={t('yourComment')}
        placeholder={t('commentHint')}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) submit(event)
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      <Button type="submit" aria-disabled={!isReady}>
        {t('addComment')}
      </Button>
      {send.isError ? <ProblemNote error={send.error} /> : null}
    </form>
  )
}
