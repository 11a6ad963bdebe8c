import { visibleText } from '@preceptor/client'
import type { Collaboration } from '@preceptor/orchestration/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { personText } from '../data/format.ts'
import { readWhole } from '../data/read-whole.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { Button } from '../ui/button.tsx'
import { Panel } from '../ui/page.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Reading } from '../ui/reading.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useOrchestration } from '../workflows/use-orchestration.ts'
import { COLLABORATION } from './collaboration-messages.ts'
import { useMe } from './use-me.ts'

/** What the members said, oldest first; a member says more. */
export function Messages({ session }: { readonly session: Collaboration }): ReactNode {
  const t = useText(COLLABORATION)
  const me = useMe()
  const { collaborations } = useOrchestration()
  const { id, members, endedAt } = session
  const query = useQuery({
    queryKey: ['collaboration', id, 'messages'],
    queryFn: () => readWhole((page) => collaborations.messages(id, page)),
  })
  const isMember = members.some(({ name }) => name === me)
  return (
    <Panel title={t('messages')}>
      <Reading query={query}>
        {(messages) =>
          messages.length === 0 ? (
            <p className="muted">{t('noMessages')}</p>
          ) : (
            <ol className="co-messages">
              {messages.map(({ id: key, author, text, createdAt }) => (
                <li key={key} className={author === me ? 'co-message co-own' : 'co-message'}>
                  <p className="line small">
                    <strong>{visibleText(personText(author))}</strong>
                    <span className="muted">
                      <RelativeTime at={createdAt} />
                    </span>
                  </p>
                  <AgentText text={text} />
                </li>
              ))}
            </ol>
          )
        }
      </Reading>
      {isMember && endedAt === null ? <Say id={id} /> : null}
      {isMember ? null : <p className="muted small">{t('membersOnly')}</p>}
    </Panel>
  )
}

function Say({ id }: { readonly id: string }): ReactNode {
  const t = useText(COLLABORATION)
  const { collaborations } = useOrchestration()
  const client = useQueryClient()
  const [text, setText] = useState('')
  const act = useAct({
    does: () => collaborations.send(id, text),
    says: () => t('saidSaid'),
    onDone: () => {
      setText('')
      void client.invalidateQueries({ queryKey: ['collaboration', id, 'messages'] })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() !== '') act.run()
  }
  return (
    <form className="stack" onSubmit={submit}>
      <TextField label={t('message')} value={text} onChange={setText} rows={2} />
      {act.error === null || act.error === undefined ? null : <ProblemNote error={act.error} />}
      <div>
        <Button type="submit" disabled={act.isBusy || text.trim() === ''}>
          {t('send')}
        </Button>
      </div>
    </form>
  )
}
