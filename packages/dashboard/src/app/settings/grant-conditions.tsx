import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import type { ConditionFault, ConditionKind, ConditionRow } from './grant-matcher.ts'
import { GRANTS } from './grant-messages.ts'

const KINDS: readonly ConditionKind[] = ['equals', 'oneOf', 'atMost', 'atLeast', 'between', 'any']

interface GrantConditionsProps {
  readonly rows: readonly ConditionRow[]
  readonly faults: ReadonlyMap<number, ConditionFault>
  readonly resource: string
  readonly onRows: (rows: readonly ConditionRow[]) => void
  readonly onResource: (resource: string) => void
}

/** Which arguments a grant is for, one in each row. */
export function GrantConditions({ rows, faults, resource, onRows, onResource }: GrantConditionsProps): ReactNode {
  const t = useText(GRANTS)
  const change = (id: number, part: Partial<ConditionRow>): void =>
    onRows(rows.map((row) => (row.id === id ? { ...row, ...part } : row)))
  const add = (): void => {
    const id = Math.max(-1, ...rows.map((row) => row.id)) + 1
    onRows([...rows, { id, arg: '', kind: 'equals', text: '' }])
  }
  return (
    <fieldset className="stack">
      <legend className="field-label">{t('conditions')}</legend>
      <p className="muted small">{t('conditionsHint')}</p>
      {rows.map((row) => {
        const fault = faults.get(row.id)
        const isAboutName = fault === 'name' || fault === 'twice'
        // Nothing is wrong with what nobody has written yet.
        const isTold = fault !== undefined && (row.text !== '' || row.arg !== '') && !(row.text === '' && !isAboutName)
        return (
          <div key={row.id} className="condition-row">
            <TextField
              label={t('arg')}
              value={row.arg}
              isCode
              onChange={(arg) => change(row.id, { arg })}
              problem={isTold && isAboutName ? t(fault) : undefined}
            />
            <SelectField
              label={t('kind')}
              value={row.kind}
              options={KINDS.map((kind) => [kind, t(kind)] as const)}
              onChange={(kind) => change(row.id, { kind })}
            />
            {row.kind === 'any' ? null : (
              <TextField
                label={t('value')}
                value={row.text}
                isCode
                isRequired
                onChange={(text) => change(row.id, { text })}
                problem={isTold && !isAboutName ? t(fault) : undefined}
              />
            )}
            <Button kind="quiet" onClick={() => onRows(rows.filter(({ id }) => id !== row.id))}>
              {t('removeArg')}
              <span className="visually-hidden">: {row.arg}</span>
            </Button>
          </div>
        )
      })}
      <p>
        <Button kind="quiet" onClick={add}>
          + {t('addArg')}
        </Button>
      </p>
      <TextField label={t('resourceOf')} value={resource} onChange={onResource} isCode />
    </fieldset>
  )
}
