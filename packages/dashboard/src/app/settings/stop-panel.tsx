import { type Stop, visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { personText, timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { AskedButton } from '../ui/asked-button.tsx'
import { Button } from '../ui/button.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { Panel } from '../ui/page.tsx'
import { TextField } from '../ui/text-field.tsx'
import { SETTINGS } from './settings-messages.ts'
import { STOPS } from './stop-messages.ts'

/** Kill switches that are or were set. */
export function StopPanel(): ReactNode {
  const t = useText(STOPS)
  const { scope } = useSignedIn()
  const { supervises } = usePowers()
  const [isOpen, setOpen] = useState(false)
  const list = usePages<Stop>({
    queryKey: ['stops'],
    read: (cursor) => scope.stops.list({ limit: 20, ...cursorOf(cursor) }),
  })
  const columns = useColumns()
  const setButton = (
    <Button kind="danger" onClick={() => setOpen(true)}>
      {t('setStop')}
    </Button>
  )
  return (
    <Panel title={t('stops')} actions={supervises ? setButton : undefined}>
      <Listing list={list} empty={<Empty title={t('noStops')}>{t('noStopsWhy')}</Empty>}>
        {(items) => <DataTable caption={t('stops')} rows={items} keyOf={({ id }) => id} columns={columns} />}
      </Listing>
      {isOpen ? <StopDialog onClose={() => setOpen(false)} /> : null}
    </Panel>
  )
}

function useColumns(): readonly Column<Stop>[] {
  const t = useText(STOPS)
  const s = useText(SETTINGS)
  const { scope } = useSignedIn()
  const { administers } = usePowers()
  return [
    {
      key: 'target',
      title: t('target'),
      cell: ({ target, agent }) => (
        <strong>{agent === null ? t(target === 'agent' ? 'agent' : target) : visibleText(agent)}</strong>
      ),
    },
    {
      key: 'state',
      title: s('state'),
      cell: ({ liftedAt }) => (
        <span className={`badge tone-${liftedAt === null ? 'bad' : 'quiet'}`}>
          {t(liftedAt === null ? 'isSet' : 'isLifted')}
        </span>
      ),
    },
    {
      key: 'set',
      title: t('set'),
      cell: ({ setAt, setBy, reason }) => <Moment at={setAt} who={setBy} reason={reason} />,
    },
    {
      key: 'lifted',
      title: t('lifted'),
      cell: ({ id, target, agent, liftedAt, liftedBy, liftReason }) => {
        if (liftedAt !== null) return <Moment at={liftedAt} who={liftedBy ?? ''} reason={liftReason ?? ''} />
        if (!administers || target === 'all') return null
        return (
          <AskedButton
            label={t('lift')}
            of={agent === null ? t(target === 'agent' ? 'agent' : target) : visibleText(agent)}
            title={t('liftTitle')}
            description={t('liftEffect')}
            asksReason
            does={(reason) => scope.stops.lift(id, reason)}
            says={t('liftSaid')}
          />
        )
      },
    },
  ]
}

/** When, by whom and why. */
export function Moment(props: { readonly at: string; readonly who: string; readonly reason: string }): ReactNode {
  const t = useText(STOPS)
  const { at, who, reason } = props
  return (
    <>
      <time dateTime={at}>{timeText(at)}</time>
      <p className="muted small">{t('byWhom', { who: visibleText(personText(who)), reason: visibleText(reason) })}</p>
    </>
  )
}

function StopDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useText(STOPS)
  const { scope } = useSignedIn()
  const [target, setTarget] = useState<'agent' | 'workspace'>('agent')
  const [agent, setAgent] = useState('')
  const set = useAct<string, Stop>({
    does: (reason) =>
      scope.stops.set(target === 'agent' ? { target, agent: agent.trim(), reason } : { target, reason }),
    says: () => t('stopSet'),
    onDone: onClose,
  })
  return (
    <AskDialog
      title={t('setStopTitle')}
      description={t('setStopEffect')}
      confirm={{ label: t('stopNow'), kind: 'danger' }}
      asksReason
      isReady={target === 'workspace' || agent.trim() !== ''}
      isBusy={set.isBusy}
      error={set.error}
      onConfirm={set.run}
      onClose={onClose}
    >
      <ChoiceChips
        legend={t('target')}
        options={[
          ['agent', t('agentOnly')],
          ['workspace', t('workspace')],
        ]}
        value={target}
        onChange={setTarget}
      />
      {target === 'agent' ? <TextField label={t('agent')} value={agent} onChange={setAgent} isRequired isCode /> : null}
    </AskDialog>
  )
}
