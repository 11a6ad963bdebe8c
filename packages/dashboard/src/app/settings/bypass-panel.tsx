import { type Bypass, type BypassCover, visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { duration, timeText } from '../data/format.ts'
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
import { Moment } from './stop-panel.tsx'

const TONES: Readonly<Record<Bypass['state'], string>> = { active: 'warn', expired: 'quiet', lifted: 'quiet' }

/** Emergency overrides that are or were set. */
export function BypassPanel(): ReactNode {
  const t = useText(STOPS)
  const { scope } = useSignedIn()
  const { administers } = usePowers()
  const [isOpen, setOpen] = useState(false)
  const list = usePages<Bypass>({
    queryKey: ['bypasses'],
    read: (cursor) => scope.bypasses.list({ limit: 20, ...cursorOf(cursor) }),
  })
  const columns = useColumns()
  return (
    <Panel
      title={t('bypasses')}
      actions={administers ? <Button onClick={() => setOpen(true)}>{t('setBypass')}</Button> : undefined}
    >
      <Listing list={list} empty={<Empty title={t('noBypasses')}>{t('noBypassesWhy')}</Empty>}>
        {(items) => <DataTable caption={t('bypasses')} rows={items} keyOf={({ id }) => id} columns={columns} />}
      </Listing>
      {isOpen ? <BypassDialog onClose={() => setOpen(false)} /> : null}
    </Panel>
  )
}

function useColumns(): readonly Column<Bypass>[] {
  const t = useText(STOPS)
  const s = useText(SETTINGS)
  const { scope } = useSignedIn()
  const { administers } = usePowers()
  return [
    { key: 'covers', title: t('covers'), cell: (bypass) => <Cover cover={bypass} /> },
    {
      key: 'state',
      title: s('state'),
      cell: ({ state }) => (
        <span className={`badge tone-${TONES[state]}`}>{t(state === 'lifted' ? 'isLifted' : state)}</span>
      ),
    },
    {
      key: 'set',
      title: t('set'),
      cell: ({ setAt, setBy, reason }) => <Moment at={setAt} who={setBy} reason={reason} />,
    },
    {
      key: 'ends',
      title: t('ends'),
      cell: ({ id, state, agent, expiresAt, liftedAt, liftedBy, liftReason }) => (
        <>
          {liftedAt === null ? (
            <time dateTime={expiresAt}>{timeText(expiresAt)}</time>
          ) : (
            <Moment at={liftedAt} who={liftedBy ?? ''} reason={liftReason ?? ''} />
          )}
          {state === 'active' && administers ? (
            <p>
              <AskedButton
                label={t('lift')}
                of={agent === null ? t('workspace') : visibleText(agent)}
                title={t('liftBypassTitle')}
                description={t('liftBypassEffect')}
                asksReason
                does={(reason) => scope.bypasses.lift(id, reason)}
                says={t('liftSaid')}
              />
            </p>
          ) : null}
        </>
      ),
    },
  ]
}

function Cover({ cover: { agent, capability, action } }: { readonly cover: BypassCover }): ReactNode {
  const t = useText(STOPS)
  return (
    <>
      <strong>{agent === null ? t('workspace') : visibleText(agent)}</strong>
      {capability === null ? null : <p className="small">{t('onCapability', { name: visibleText(capability) })}</p>}
      {action === null ? null : <p className="small">{t('onAction', { name: visibleText(action) })}</p>}
    </>
  )
}

const HOUR = 3_600_000
const SPANS = [HOUR / 4, HOUR, 4 * HOUR, 24 * HOUR] as const

interface TargetFieldsProps {
  readonly target: 'agent' | 'workspace'
  readonly agent: string
  readonly onTarget: (target: 'agent' | 'workspace') => void
  readonly onAgent: (agent: string) => void
}

/** Whom a bypass is for. */
function TargetFields({ target, agent, onTarget, onAgent }: TargetFieldsProps): ReactNode {
  const t = useText(STOPS)
  return (
    <>
      <ChoiceChips
        legend={t('target')}
        options={[
          ['agent', t('agentOnly')],
          ['workspace', t('workspace')],
        ]}
        value={target}
        onChange={onTarget}
      />
      {target === 'agent' ? <TextField label={t('agent')} value={agent} onChange={onAgent} isRequired isCode /> : null}
    </>
  )
}

function BypassDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useText(STOPS)
  const { scope } = useSignedIn()
  const [target, setTarget] = useState<'agent' | 'workspace'>('agent')
  const [agent, setAgent] = useState('')
  const [only, setOnly] = useState<'everything' | 'capability' | 'action'>('action')
  const [name, setName] = useState('')
  const [durationMs, setDuration] = useState<number>(SPANS[1])
  const set = useAct<string, Bypass>({
    does: (reason) =>
      scope.bypasses.set({
        target,
        ...(target === 'agent' ? { agent: agent.trim() } : {}),
        ...(only === 'everything' ? {} : { [only]: name.trim() }),
        durationMs,
        reason,
      }),
    says: () => t('bypassSet'),
    onDone: onClose,
  })
  const isNamed = (target === 'workspace' || agent.trim() !== '') && (only === 'everything' || name.trim() !== '')
  return (
    <AskDialog
      title={t('setBypassTitle')}
      description={t('setBypassEffect')}
      confirm={{ label: t('bypassNow'), kind: 'danger' }}
      asksReason
      isReady={isNamed}
      isBusy={set.isBusy}
      error={set.error}
      onConfirm={set.run}
      onClose={onClose}
    >
      <TargetFields target={target} agent={agent} onTarget={setTarget} onAgent={setAgent} />
      <ChoiceChips
        legend={t('only')}
        options={(['action', 'capability', 'everything'] as const).map((value) => [value, t(value)] as const)}
        value={only}
        onChange={setOnly}
      />
      {only === 'everything' ? null : (
        <TextField label={t('named')} value={name} onChange={setName} isRequired isCode />
      )}
      <ChoiceChips
        legend={t('lasts')}
        options={SPANS.map((span) => [span as number, duration(span)] as const)}
        value={durationMs}
        onChange={setDuration}
      />
    </AskDialog>
  )
}
