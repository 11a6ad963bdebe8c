import { type JsonValue, visibleText } from '@preceptor/client'
import type { Collaboration, Delegation, MemberName } from '@preceptor/orchestration/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { personText, timeText } from '../data/format.ts'
import { readWhole } from '../data/read-whole.ts'
import { usePowers } from '../data/roles.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Reading } from '../ui/reading.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { readJson } from '../workflows/json-text.ts'
import { useOrchestration } from '../workflows/use-orchestration.ts'
import { COLLABORATION } from './collaboration-messages.ts'
import { CollaborationState } from './collaboration-state.tsx'
import { DelegateDialog } from './delegate-dialog.tsx'
import { useMe } from './use-me.ts'

type Asked = { readonly verb: 'complete' | 'reassign'; readonly delegation: Delegation }

/** Parts of the task that members are to do. */
export function Delegations({ session }: { readonly session: Collaboration }): ReactNode {
  const t = useText(COLLABORATION)
  const { delegations } = useOrchestration()
  const { supervises } = usePowers()
  const [asked, setAsked] = useState<Asked | 'new'>()
  const close = (): void => setAsked(undefined)
  const { id, state, endedAt } = session
  const query = useQuery({
    queryKey: ['collaboration', id, 'delegations'],
    queryFn: () => readWhole((page) => delegations.list({ collaboration: id, ...page })),
  })
  const mayDelegate = supervises && endedAt === null && state !== 'open'
  return (
    <section className="stack" aria-labelledby="co-delegations">
      <div className="panel-head">
        <h2 id="co-delegations" className="panel-title">
          {t('delegations')}
        </h2>
        {mayDelegate ? <Button onClick={() => setAsked('new')}>{t('delegate')}</Button> : null}
      </div>
      <Reading query={query}>
        {(items) =>
          items.length === 0 ? (
            <p className="muted">{t('noDelegations')}</p>
          ) : (
            <DelegationTable delegations={items} onAsk={setAsked} />
          )
        }
      </Reading>
      {asked === 'new' ? <DelegateDialog session={session} onClose={close} /> : null}
      {asked === undefined || asked === 'new' ? null : asked.verb === 'complete' ? (
        <CompleteDialog delegation={asked.delegation} onClose={close} />
      ) : (
        <ReassignDialog session={session} delegation={asked.delegation} onClose={close} />
      )}
    </section>
  )
}

interface DelegationTableProps {
  readonly delegations: readonly Delegation[]
  readonly onAsk: (asked: Asked) => void
}

function DelegationTable({ delegations, onAsk }: DelegationTableProps): ReactNode {
  const t = useText(COLLABORATION)
  const me = useMe()
  const { supervises } = usePowers()
  return (
    <DataTable
      caption={t('delegations')}
      rows={delegations}
      keyOf={({ id }) => id}
      columns={[
        { key: 'task', title: t('task'), cell: ({ task }) => <AgentText text={task} /> },
        { key: 'state', title: t('state'), cell: ({ state }) => <CollaborationState state={state} /> },
        {
          key: 'to',
          title: t('to'),
          cell: ({ from, to }) => `${visibleText(personText(from))} → ${visibleText(personText(to))}`,
        },
        { key: 'priority', title: t('priority'), isNumber: true, cell: ({ priority }) => priority },
        {
          key: 'deadline',
          title: t('deadline'),
          cell: ({ deadline }) => (deadline === null ? '–' : timeText(deadline)),
        },
        { key: 'result', title: t('output'), cell: (one) => <Result delegation={one} /> },
        {
          key: 'act',
          title: t('act'),
          cell: (delegation) =>
            delegation.endedAt !== null || !(supervises || delegation.to === me) ? null : (
              <div className="line">
                <Button onClick={() => onAsk({ verb: 'complete', delegation })}>{t('complete')}</Button>
                {supervises ? (
                  <Button kind="quiet" onClick={() => onAsk({ verb: 'reassign', delegation })}>
                    {t('reassign')}
                  </Button>
                ) : null}
              </div>
            ),
        },
      ]}
    />
  )
}

function Result({ delegation: { state, output, failure } }: { readonly delegation: Delegation }): ReactNode {
  if (failure !== null) {
    return (
      <>
        <code className="bad">{failure.code}</code> <AgentText text={failure.message} />
      </>
    )
  }
  return state === 'completed' ? <JsonView value={output} /> : '–'
}

interface DialogProps {
  readonly delegation: Delegation
  readonly onClose: () => void
}

function CompleteDialog({ delegation: { id, collaboration, task }, onClose }: DialogProps): ReactNode {
  const t = useText(COLLABORATION)
  const { delegations } = useOrchestration()
  const client = useQueryClient()
  const [text, setText] = useState('null')
  const { value, problem } = readJson(text)
  const act = useAct({
    does: (output: JsonValue) => delegations.complete(id, { output }),
    says: () => t('completedSaid'),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['collaboration', collaboration] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('completeTitle')}
      description={<AgentText text={task} />}
      confirm={{ label: t('complete') }}
      isReady={value !== undefined}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() => value !== undefined && act.run(value)}
      onClose={onClose}
    >
      <TextField label={t('outputJson')} value={text} onChange={setText} rows={4} isCode problem={problem} />
    </AskDialog>
  )
}

function ReassignDialog({
  session,
  delegation,
  onClose,
}: DialogProps & { readonly session: Collaboration }): ReactNode {
  const t = useText(COLLABORATION)
  const { delegations } = useOrchestration()
  const client = useQueryClient()
  const others = session.members.filter(({ name, role }) => name !== delegation.to && role !== 'lead')
  const [to, setTo] = useState<MemberName | ''>(others[0]?.name ?? '')
  const act = useAct({
    does: (reason: string) => delegations.reassign(delegation.id, { to: to === '' ? delegation.to : to, reason }),
    says: () => t('reassignedSaid'),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['collaboration', session.id] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('reassign')}
      description={<AgentText text={delegation.task} />}
      confirm={{ label: t('reassign') }}
      asksReason
      isReady={to !== ''}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    >
      <SelectField
        label={t('to')}
        value={to}
        options={others.map(({ name }) => [name, personText(name)] as const)}
        onChange={setTo}
      />
    </AskDialog>
  )
}
