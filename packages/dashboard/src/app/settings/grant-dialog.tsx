import { type CataloguedAction, type Grant, type GrantPreview, visibleText } from '@preceptor/client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { timeText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { GrantConditions } from './grant-conditions.tsx'
import { type ConditionRow, readMatcher, rowsOfSchema } from './grant-matcher.ts'
import { GRANTS } from './grant-messages.ts'

const DAY_MS = 86_400_000
const SPANS = [1, 3, 7] as const

/** Makes a grant, after it was seen what it would have matched. */
export function GrantDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useText(GRANTS)
  const { scope, clockOffset } = useSignedIn()
  const choices = useChoices()
  const [agent, setAgent] = useState('')
  const [action, setAction] = useState('')
  const [rows, setRows] = useState<readonly ConditionRow[]>([])
  const [resource, setResource] = useState('')
  const [uses, setUses] = useState('10')
  const [days, setDays] = useState<number>(1)
  const reading = readMatcher(rows, resource)
  const usesRight = /^[1-9]\d{0,3}$/.test(uses.trim()) && Number(uses) <= 1_000
  const make = useAct<string, Grant>({
    does: (reason) => {
      if (!('matcher' in reading)) throw new Error(t('conditions'))
      // A little less than whole days: the clock of the server decides what seven days are.
      const expiresAt = new Date(Date.now() + clockOffset + days * DAY_MS - 60_000).toISOString()
      return scope.grants.create({ agent, action, matcher: reading.matcher, uses: Number(uses), expiresAt, reason })
    },
    says: () => t('made'),
    onDone: onClose,
  })
  const previewOf = (): Promise<GrantPreview> => {
    if (!('matcher' in reading)) throw new Error(t('conditions'))
    return scope.grants.preview({ agent, action, matcher: reading.matcher })
  }
  const choose = (name: string): void => {
    setAction(name)
    setRows(rowsOfSchema(choices.actions.find((known) => known.name === name)?.args ?? null))
  }
  return (
    <AskDialog
      title={t('newTitle')}
      confirm={{ label: t('make') }}
      asksReason
      isReady={agent !== '' && action !== '' && usesRight && 'matcher' in reading}
      isBusy={make.isBusy}
      error={make.error}
      onConfirm={make.run}
      onClose={onClose}
    >
      <SelectField label={t('agent')} value={agent} options={withNone(choices.agents)} onChange={setAgent} />
      <SelectField
        label={t('action')}
        value={action}
        options={withNone(choices.actions.map(({ name }) => name))}
        onChange={choose}
      />
      <GrantConditions
        rows={rows}
        faults={'faults' in reading ? reading.faults : new Map()}
        resource={resource}
        onRows={setRows}
        onResource={setResource}
      />
      <Preview isReady={agent !== '' && action !== '' && 'matcher' in reading} read={previewOf} />
      <LimitFields uses={uses} isUsesRight={usesRight} days={days} onUses={setUses} onDays={setDays} />
    </AskDialog>
  )
}

const withNone = (names: readonly string[]): readonly (readonly [string, string])[] => [
  ['', '—'],
  ...names.map((name) => [name, visibleText(name)] as const),
]

function useChoices(): { readonly agents: readonly string[]; readonly actions: readonly CataloguedAction[] } {
  const { scope } = useSignedIn()
  const agents = useQuery({ queryKey: ['agents', 'choices'], queryFn: () => scope.agents.list({ limit: 100 }) })
  const actions = useQuery({ queryKey: ['actions', 'choices'], queryFn: () => scope.actions.list({ limit: 100 }) })
  return { agents: (agents.data?.items ?? []).map(({ id }) => id), actions: actions.data?.items ?? [] }
}

interface PreviewProps {
  readonly isReady: boolean
  readonly read: () => Promise<GrantPreview>
}

function Preview({ isReady, read }: PreviewProps): ReactNode {
  const t = useText(GRANTS)
  const seen = useMutation({ networkMode: 'always', mutationFn: read })
  return (
    <div className="stack">
      <p>
        <Button disabled={!isReady || seen.isPending} onClick={() => seen.mutate()}>
          {t('preview')}
        </Button>
      </p>
      <div role="status" className="stack">
        {seen.data === undefined ? null : (
          <p>
            <strong>{t('previewed', { matched: seen.data.matched, of: seen.data.of })}</strong>
          </p>
        )}
        {seen.data === undefined || seen.data.sample.length === 0 ? null : (
          <details>
            <summary>{t('previewSample')}</summary>
            <ul className="stack details-body">
              {seen.data.sample.map(({ proposalId, args, createdAt }) => (
                <li key={proposalId} className="stack tight">
                  <span className="muted small">{timeText(createdAt)}</span>
                  <JsonView value={args} />
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
      {seen.isError ? <ProblemNote error={seen.error} /> : null}
    </div>
  )
}

interface LimitFieldsProps {
  readonly uses: string
  readonly isUsesRight: boolean
  readonly days: number
  readonly onUses: (uses: string) => void
  readonly onDays: (days: number) => void
}

/** How often, and for how long. */
function LimitFields({ uses, isUsesRight, days, onUses, onDays }: LimitFieldsProps): ReactNode {
  const t = useText(GRANTS)
  return (
    <>
      <TextField
        label={t('usesOf')}
        value={uses}
        onChange={onUses}
        inputMode="numeric"
        problem={isUsesRight ? undefined : t('usesWrong')}
      />
      <ChoiceChips
        legend={t('lasts')}
        options={SPANS.map((span) => [span as number, t('days', { days: span })] as const)}
        value={days}
        onChange={onDays}
      />
    </>
  )
}
