import { visibleText } from '@preceptor/client'
import type { Workflow, WorkflowSchedule } from '@preceptor/orchestration/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
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
import { RelativeTime } from '../ui/relative-time.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useInput } from './execute-dialog.tsx'
import { OVERLAP_KEYS } from './step-looks.ts'
import { useOrchestration } from './use-orchestration.ts'
import { WORKFLOWS } from './workflows-messages.ts'

/** Schedules of a workflow, those that were removed too. */
export function Schedules({ workflow }: { readonly workflow: Workflow }): ReactNode {
  const t = useText(WORKFLOWS)
  const { schedules } = useOrchestration()
  const { supervises } = usePowers()
  const [asked, setAsked] = useState<WorkflowSchedule | 'new' | null>(null)
  const close = (): void => setAsked(null)
  const query = useQuery({
    queryKey: ['workflows', workflow.id, 'schedules'],
    queryFn: () => readWhole((page) => schedules.list({ workflow: workflow.id, ...page })),
  })
  const mayMake = supervises && workflow.state === 'active'
  return (
    <section className="stack" aria-labelledby="wf-schedules">
      <div className="panel-head">
        <h2 id="wf-schedules" className="panel-title">
          {t('schedules')}
        </h2>
        {mayMake ? <Button onClick={() => setAsked('new')}>{t('scheduleNew')}</Button> : null}
      </div>
      <Reading query={query}>
        {(items) =>
          items.length === 0 ? (
            <p className="muted">{t('schedulesNone')}</p>
          ) : (
            <ScheduleTable schedules={items} onRemove={supervises ? setAsked : undefined} />
          )
        }
      </Reading>
      {asked === 'new' ? <ScheduleDialog workflow={workflow} onClose={close} /> : null}
      {asked === null || asked === 'new' ? null : <RemoveDialog schedule={asked} onClose={close} />}
    </section>
  )
}

interface ScheduleTableProps {
  readonly schedules: readonly WorkflowSchedule[]
  readonly onRemove: ((schedule: WorkflowSchedule) => void) | undefined
}

function ScheduleTable({ schedules, onRemove }: ScheduleTableProps): ReactNode {
  const t = useText(WORKFLOWS)
  return (
    <DataTable
      caption={t('schedules')}
      rows={schedules}
      keyOf={({ id }) => id}
      columns={[
        {
          key: 'cron',
          title: t('pattern'),
          cell: ({ cron, timezone }) => (
            <>
              <code>{cron}</code> <span className="muted small">{timezone}</span>
            </>
          ),
        },
        { key: 'next', title: t('next'), cell: (one) => <NextTime schedule={one} /> },
        { key: 'overlap', title: t('overlap'), cell: ({ overlap }) => t(OVERLAP_KEYS[overlap]) },
        { key: 'last', title: t('lastDue'), cell: ({ last }) => <LastDue last={last} /> },
        { key: 'input', title: t('input'), cell: ({ input }) => <JsonView value={input} /> },
        { key: 'by', title: t('madeBy'), cell: ({ createdBy }) => visibleText(personText(createdBy)) },
        {
          key: 'act',
          title: t('act'),
          cell: (one) =>
            onRemove === undefined || one.state === 'removed' ? null : (
              <Button kind="danger" onClick={() => onRemove(one)}>
                {t('remove')}
              </Button>
            ),
        },
      ]}
    />
  )
}

function NextTime({ schedule: { state, nextAt } }: { readonly schedule: WorkflowSchedule }): ReactNode {
  const t = useText(WORKFLOWS)
  if (state === 'removed') return <span className="badge tone-quiet">{t('removed')}</span>
  return nextAt === null ? '–' : <time dateTime={nextAt}>{timeText(nextAt)}</time>
}

function LastDue({ last }: Pick<WorkflowSchedule, 'last'>): ReactNode {
  const t = useText(WORKFLOWS)
  if (last === null) return <span className="muted">{t('never')}</span>
  return (
    <>
      <RelativeTime at={last.at} />{' '}
      {last.run === null ? null : (
        <Link to="/workflows/runs/$runId" params={{ runId: last.run }}>
          {t('openRun')}
        </Link>
      )}
      {last.problem === null ? null : (
        <p className="bad small">
          <AgentText text={last.problem} />
        </p>
      )}
    </>
  )
}

interface ScheduleDialogProps {
  readonly workflow: Workflow
  readonly onClose: () => void
}

function ScheduleDialog({ workflow, onClose }: ScheduleDialogProps): ReactNode {
  const t = useText(WORKFLOWS)
  const { schedules } = useOrchestration()
  const client = useQueryClient()
  const [cron, setCron] = useState('0 9 * * 1-5')
  const [timezone, setTimezone] = useState(() => new Intl.DateTimeFormat().resolvedOptions().timeZone)
  const [overlap, setOverlap] = useState<WorkflowSchedule['overlap']>('skip')
  const input = useInput(workflow.definition.input)
  const act = useAct({
    does: () =>
      schedules.create({ workflow: workflow.id, cron: cron.trim(), timezone, overlap, input: input.value ?? {} }),
    says: () => t('scheduledSaid'),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['workflows'] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('scheduleNew')}
      description={t('scheduleWhat')}
      confirm={{ label: t('scheduleNew') }}
      isReady={cron.trim() !== '' && input.value !== undefined}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() => act.run()}
      onClose={onClose}
    >
      <TextField label={t('pattern')} hint={t('patternHint')} value={cron} onChange={setCron} isRequired isCode />
      <TextField label={t('timezone')} value={timezone} onChange={setTimezone} isRequired />
      <SelectField
        label={t('overlap')}
        value={overlap}
        options={[
          ['skip', t('overlapSkip')],
          ['allow', t('overlapAllow')],
        ]}
        onChange={setOverlap}
      />
      {input.field}
    </AskDialog>
  )
}

interface RemoveDialogProps {
  readonly schedule: WorkflowSchedule
  readonly onClose: () => void
}

function RemoveDialog({ schedule: { id, cron }, onClose }: RemoveDialogProps): ReactNode {
  const t = useText(WORKFLOWS)
  const { schedules } = useOrchestration()
  const client = useQueryClient()
  const act = useAct({
    does: (reason: string) => schedules.remove(id, reason),
    says: () => t('removedSaid'),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['workflows'] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('removeTitle', { cron })}
      description={t('removeWhat')}
      confirm={{ label: t('remove'), kind: 'danger' }}
      asksReason
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    />
  )
}
