import { type Playbook, type PlaybookDeployment, visibleText } from '@preceptor/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { personText, timeText } from '../data/format.ts'
import { readWhole } from '../data/read-whole.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { LEARNING, type LearningKey } from './learning-messages.ts'

const TIERS = ['project', 'user', 'system'] as const

const TIER_KEYS: Readonly<Record<PlaybookDeployment['tier'], LearningKey>> = {
  system: 'tierSystem',
  user: 'tierUser',
  project: 'tierProject',
}

const STATES: Readonly<Record<PlaybookDeployment['state'], readonly [LearningKey, string, string]>> = {
  active: ['active', '●', 'good'],
  replaced: ['replaced', '□', 'quiet'],
  rolled_back: ['rolledBack', '↩', 'warn'],
}

/** Where the versions of a playbook are in use, tier by tier, and the history. */
export function Deployments({ playbook: { id } }: { readonly playbook: Playbook }): ReactNode {
  const t = useText(LEARNING)
  const { scope } = useSignedIn()
  const [ending, setEnding] = useState<PlaybookDeployment>()
  const query = useQuery({
    queryKey: ['playbooks', id, 'deployments'],
    queryFn: () => readWhole((page) => scope.playbooks.deployments(id, page)),
  })
  return (
    <section className="stack" aria-labelledby="lr-deployments">
      <h2 id="lr-deployments" className="panel-title">
        {t('deployments')}
      </h2>
      <Reading query={query}>
        {(all) => (
          <>
            <div className="panels lr-tiers">
              {TIERS.map((tier) => (
                <Tier
                  key={tier}
                  title={t(TIER_KEYS[tier])}
                  active={all.filter((one) => one.tier === tier && one.state === 'active')}
                  onEnd={setEnding}
                />
              ))}
            </div>
            {all.length === 0 ? null : <History deployments={all} />}
          </>
        )}
      </Reading>
      {ending === undefined ? null : <RollbackDialog deployment={ending} onClose={() => setEnding(undefined)} />}
    </section>
  )
}

interface TierProps {
  readonly title: string
  readonly active: readonly PlaybookDeployment[]
  readonly onEnd: (deployment: PlaybookDeployment) => void
}

function Tier({ title, active, onEnd }: TierProps): ReactNode {
  const t = useText(LEARNING)
  const { supervises } = usePowers()
  return (
    <Panel title={title}>
      {active.length === 0 ? <p className="muted">{t('nothingDeployed')}</p> : null}
      <ul className="stack">
        {active.map((one) => (
          <li key={one.id} className="lr-active">
            <div className="line">
              <strong>{t('versionNumber', { version: one.version })}</strong>
              {one.target === null ? null : <AgentText text={one.target} />}
              {one.share < 1 ? (
                <span className="badge tone-info">{t('canary', { share: one.share * 100 })}</span>
              ) : null}
              {one.untested ? <span className="badge tone-warn">{t('untested')}</span> : null}
            </div>
            <p className="muted small">
              <AgentText text={one.reason} />
            </p>
            {supervises ? (
              <Button kind="danger" onClick={() => onEnd(one)}>
                {t('rollBack')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function History({ deployments }: { readonly deployments: readonly PlaybookDeployment[] }): ReactNode {
  const t = useText(LEARNING)
  return (
    <DataTable
      caption={t('history')}
      rows={deployments}
      keyOf={({ id }) => id}
      columns={[
        { key: 'state', title: t('state'), cell: ({ state }) => <DeploymentState state={state} /> },
        { key: 'version', title: t('version'), isNumber: true, cell: ({ version }) => version },
        {
          key: 'tier',
          title: t('tier'),
          cell: ({ tier, target }) => `${t(TIER_KEYS[tier])}${target === null ? '' : `: ${visibleText(target)}`}`,
        },
        {
          key: 'share',
          title: t('share'),
          isNumber: true,
          cell: ({ share }) => `${Math.round(share * 10_000) / 100} %`,
        },
        { key: 'why', title: t('why'), cell: ({ reason }) => <AgentText text={reason} /> },
        {
          key: 'by',
          title: t('by'),
          cell: ({ deployedBy, deployedAt }) => (
            <>
              {visibleText(personText(deployedBy))}, <RelativeTime at={deployedAt} />
            </>
          ),
        },
        {
          key: 'end',
          title: t('ended'),
          cell: ({ endedAt, endReason }) =>
            endedAt === null ? '–' : <AgentText text={`${timeText(endedAt)} ${endReason ?? ''}`} />,
        },
      ]}
    />
  )
}

function DeploymentState({ state }: Pick<PlaybookDeployment, 'state'>): ReactNode {
  const t = useText(LEARNING)
  const [key, shape, tone] = STATES[state]
  return (
    <span className={`badge tone-${tone}`}>
      <span aria-hidden="true">{shape}</span>
      {t(key)}
    </span>
  )
}

interface RollbackDialogProps {
  readonly deployment: PlaybookDeployment
  readonly onClose: () => void
}

function RollbackDialog({ deployment: { id, version }, onClose }: RollbackDialogProps): ReactNode {
  const t = useText(LEARNING)
  const { scope } = useSignedIn()
  const client = useQueryClient()
  const act = useAct({
    does: (reason: string) => scope.playbooks.rollback(id, reason),
    says: ({ restored }) =>
      restored === null ? t('rolledBackNone') : t('rolledBackSaid', { version: restored.version }),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['playbooks'] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('rollBackTitle', { version })}
      description={t('rollBackWhat')}
      confirm={{ label: t('rollBack'), kind: 'danger' }}
      asksReason
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    />
  )
}
