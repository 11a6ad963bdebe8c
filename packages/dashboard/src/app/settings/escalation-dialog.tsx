import {
  type Escalation,
  type EscalationStep,
  type EscalationTarget,
  RISKS,
  type Risk,
  type Role,
} from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { CheckField } from '../ui/check-field.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { ESCALATIONS } from './escalation-messages.ts'

interface StepRow {
  readonly id: number
  readonly minutes: string
  readonly to: 'role' | 'user' | 'webhook'
  readonly role: Role
  readonly name: string
}

const ROLES: readonly Role[] = ['supervisor', 'admin', 'viewer']
const REPEATS = [0, 1, 2, 5] as const
const MINUTE_MS = 60_000
const first: StepRow = { id: 0, minutes: '10', to: 'role', role: 'supervisor', name: '' }

/** Makes an escalation. */
export function EscalationDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useText(ESCALATIONS)
  const { scope } = useSignedIn()
  const [name, setName] = useState('')
  const [risks, setRisks] = useState<readonly Risk[]>([])
  const [action, setAction] = useState('')
  const [agent, setAgent] = useState('')
  const [rows, setRows] = useState<readonly StepRow[]>([first])
  const [repeat, setRepeat] = useState<number>(0)
  const match = {
    ...(risks.length === 0 ? {} : { risks }),
    ...(action.trim() === '' ? {} : { action: action.trim() }),
    ...(agent.trim() === '' ? {} : { agent: agent.trim() }),
  }
  const make = useAct<string, Escalation>({
    does: () => scope.escalations.create({ name: name.trim(), match, steps: rows.map(stepOf), repeat }),
    says: () => t('made'),
    onDone: onClose,
  })
  return (
    <AskDialog
      title={t('newTitle')}
      confirm={{ label: t('make') }}
      isReady={name.trim() !== '' && rows.length > 0 && rows.every(isWhole)}
      isBusy={make.isBusy}
      error={make.error}
      onConfirm={make.run}
      onClose={onClose}
    >
      <TextField label={t('name')} value={name} onChange={setName} isRequired />
      <CheckField<Risk>
        legend={t('risks')}
        options={RISKS.map((risk) => [risk, risk] as const)}
        value={risks}
        onChange={setRisks}
      />
      <TextField label={t('action')} value={action} onChange={setAction} isCode />
      <TextField label={t('agent')} value={agent} onChange={setAgent} isCode />
      <StepRows rows={rows} onRows={setRows} />
      <ChoiceChips
        legend={t('repeat')}
        options={REPEATS.map((count) => [count as number, t('repeats', { count })] as const)}
        value={repeat}
        onChange={setRepeat}
      />
    </AskDialog>
  )
}

const isWhole = ({ minutes, to, name }: StepRow): boolean =>
  Number(minutes) > 0 && (to === 'role' || name.trim() !== '')

function stepOf({ minutes, to, role, name }: StepRow): EscalationStep {
  const targets: Readonly<Record<StepRow['to'], EscalationTarget>> = {
    role: { role },
    user: { user: name.trim() },
    webhook: { webhook: name.trim() },
  }
  return { afterMs: Math.round(Number(minutes) * MINUTE_MS), notify: targets[to] }
}

interface StepRowsProps {
  readonly rows: readonly StepRow[]
  readonly onRows: (rows: readonly StepRow[]) => void
}

function StepRows({ rows, onRows }: StepRowsProps): ReactNode {
  const t = useText(ESCALATIONS)
  const change = (id: number, part: Partial<StepRow>): void =>
    onRows(rows.map((row) => (row.id === id ? { ...row, ...part } : row)))
  const add = (): void => onRows([...rows, { ...first, id: Math.max(...rows.map(({ id }) => id), 0) + 1 }])
  return (
    <>
      {rows.map((row, index) => (
        <fieldset key={row.id} className="step-row">
          <legend className="field-label">{t('stepTitle', { number: index + 1 })}</legend>
          <TextField
            label={t('after')}
            value={row.minutes}
            inputMode="decimal"
            onChange={(minutes) => change(row.id, { minutes })}
            problem={Number(row.minutes) > 0 ? undefined : t('minutesWrong')}
          />
          <SelectField
            label={t('tell')}
            value={row.to}
            options={[
              ['role', t('tellRole')],
              ['user', t('tellUser')],
              ['webhook', t('tellWebhook')],
            ]}
            onChange={(to) => change(row.id, { to })}
          />
          {row.to === 'role' ? (
            <SelectField
              label={t('whom')}
              value={row.role}
              options={ROLES.map((role) => [role, t(role)] as const)}
              onChange={(role) => change(row.id, { role })}
            />
          ) : (
            <TextField
              label={t('whom')}
              value={row.name}
              isRequired
              isCode
              onChange={(name) => change(row.id, { name })}
            />
          )}
          {rows.length === 1 ? null : (
            <Button kind="quiet" onClick={() => onRows(rows.filter(({ id }) => id !== row.id))}>
              {t('removeStep', { number: index + 1 })}
            </Button>
          )}
        </fieldset>
      ))}
      <p>
        <Button kind="quiet" disabled={rows.length >= 10} onClick={add}>
          + {t('addStep')}
        </Button>
      </p>
    </>
  )
}
