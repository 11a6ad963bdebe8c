import { type InterventionRequest, type JsonObject, type SessionStep, visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { ChangeList } from '../../card/change-list.tsx'
import { argChanges } from '../../data/arg-changes.ts'
import { useText } from '../../text/use-text.ts'
import { AskDialog } from '../../ui/ask-dialog.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { ACTS } from './acts-messages.ts'
import { type ArgsEdit, ArgsEditor } from './args-editor.tsx'
import type { SessionDialogProps } from './dialog-props.ts'
import { useActionSchema } from './use-action-schema.ts'
import { useSessionAct } from './use-session-act.ts'

/** Says something to a run, gives the call that waits other args, or both; it shows exactly what the agent gets. */
export function CorrectDialog({ session, onClose }: SessionDialogProps): ReactNode {
  const t = useText(ACTS)
  const [guidance, setGuidance] = useState('')
  const [chosen, setChosen] = useState<string>()
  const [edit, setEdit] = useState<ArgsEdit>()
  const waiting = session.steps.filter(({ state }) => state === 'waiting').toReversed()
  const step = waiting.find(({ id }) => id === chosen) ?? waiting[0]
  const args = step === undefined || edit?.step !== step.id ? undefined : edit.args
  const said = guidance.trim()
  const act = useSessionAct({
    does: (sessions, correction: InterventionRequest) => sessions.intervene(session.id, correction),
    says: () => t('correctSaid'),
    onDone: onClose,
  })
  const isEditFit = edit?.step !== step?.id || edit?.isFit !== false
  return (
    <AskDialog
      title={t('correctTitle')}
      description={t('correctNote')}
      confirm={{ label: t('sendCorrection') }}
      isReady={(said !== '' || args !== undefined) && isEditFit}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() =>
        act.run({
          type: 'correct',
          ...(said === '' ? {} : { guidance: said }),
          ...(args === undefined || step === undefined ? {} : { args, step: step.id }),
        })
      }
      onClose={onClose}
    >
      <div className="correct">
        <TextField label={t('guidance')} hint={t('guidanceHint')} value={guidance} onChange={setGuidance} rows={3} />
        {waiting.length < 2 ? null : (
          <SelectField
            label={t('whichCall')}
            value={step?.id ?? ''}
            options={waiting.map(({ id, action }) => [id, `${visibleText(action)} (${id})`] as const)}
            onChange={setChosen}
          />
        )}
        {step === undefined ? (
          <p className="muted small">{t('noCall')}</p>
        ) : (
          <StepArgs key={step.id} step={step} error={act.error} onEdit={setEdit} />
        )}
        <Delivery guidance={said} step={step} args={args} />
      </div>
    </AskDialog>
  )
}

interface StepArgsProps {
  readonly step: SessionStep
  readonly error: unknown
  readonly onEdit: (edit: ArgsEdit) => void
}

/** The typed form of the args, opened when somebody wants to change them. */
function StepArgs({ step, error, onEdit }: StepArgsProps): ReactNode {
  const t = useText(ACTS)
  const schema = useActionSchema(step.action)
  const [isOpen, setOpen] = useState(false)
  const close = (open: boolean): void => {
    setOpen(open)
    if (!open) onEdit({ step: step.id, args: undefined, isFit: true })
  }
  return (
    <div className="stack">
      <label className="check">
        <input type="checkbox" checked={isOpen} onChange={(event) => close(event.target.checked)} />
        {t('keepArgs', { action: visibleText(step.action) })}
      </label>
      {isOpen && schema !== undefined ? <ArgsEditor step={step} schema={schema} error={error} onEdit={onEdit} /> : null}
    </div>
  )
}

interface DeliveryProps {
  readonly guidance: string
  readonly step: SessionStep | undefined
  readonly args: JsonObject | undefined
}

/** What reaches the run, word for word. */
function Delivery({ guidance, step, args }: DeliveryProps): ReactNode {
  const t = useText(ACTS)
  return (
    <section className="delivery" aria-label={t('gets')}>
      <h3 className="sub-title">{t('gets')}</h3>
      {guidance === '' && args === undefined ? <p className="muted small">{t('getsNothing')}</p> : null}
      {guidance === '' ? null : (
        <>
          <p className="small muted">{t('getsGuidance')}</p>
          <pre className="json">{visibleText(guidance)}</pre>
        </>
      )}
      {args === undefined || step === undefined ? null : (
        <>
          <p className="small muted">{t('getsArgs', { action: visibleText(step.action) })}</p>
          <JsonView value={args} />
          <ChangeList changes={argChanges(step.correctedArgs ?? step.args, args)} />
        </>
      )}
    </section>
  )
}
