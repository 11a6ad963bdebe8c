import { RUN_STATES, type WorkflowRun } from '@preceptor/orchestration/client'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { SelectField } from '../ui/select-field.tsx'
import { STATE_KEYS } from './step-looks.ts'
import { WORKFLOWS } from './workflows-messages.ts'

/** Narrows the runs by their state; the address keeps it. */
export function RunFilter({ state }: { readonly state: WorkflowRun['state'] | undefined }): ReactNode {
  const t = useText(WORKFLOWS)
  const navigate = useNavigate()
  const states = RUN_STATES.map((one) => [one, t(STATE_KEYS[one])] as const)
  return (
    <div className="line">
      <SelectField<WorkflowRun['state'] | 'all'>
        label={t('state')}
        isLabelHidden
        value={state ?? 'all'}
        options={[['all', t('allStates')], ...states]}
        onChange={(value) =>
          void navigate({ to: '/workflows', search: { show: 'runs', ...(value === 'all' ? {} : { state: value }) } })
        }
      />
    </div>
  )
}
