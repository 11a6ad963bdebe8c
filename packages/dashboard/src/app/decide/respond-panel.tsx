import type { JsonValue } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { useText } from '../text/use-text.ts'
import { TextField } from '../ui/text-field.tsx'
import { DECIDE } from './decide-messages.ts'
import { DecisionPanel } from './panel.tsx'
import type { PanelProps } from './panel-props.ts'

/** Answers the agent in the place of the action, which then never runs. */
export function RespondPanel({ card, decide, onClose }: PanelProps): ReactNode {
  const t = useText(DECIDE)
  const [answer, setAnswer] = useState('')
  const [isJson, setJson] = useState(false)
  const { id, version, actionHash } = card.proposal
  const parsed = isJson ? parseJson(answer) : { value: answer }
  const confirm = (): void => {
    if (parsed === undefined) return
    decide.run(
      (proposals) => proposals.respond(id, { version, actionHash, response: parsed.value }),
      () => t('respondedSaid'),
    )
  }
  return (
    <DecisionPanel
      title={t('respondTitle')}
      decide={decide}
      confirm={{ label: t('respond'), kind: 'primary', isReady: answer.trim() !== '' && parsed !== undefined }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className="muted small">{t('respondHint')}</p>
      <TextField
        label={t('answer')}
        value={answer}
        onChange={setAnswer}
        isRequired
        rows={3}
        problem={parsed === undefined && answer !== '' ? t('notJson') : undefined}
      />
      <label className="check">
        <input type="checkbox" checked={isJson} onChange={(event) => setJson(event.target.checked)} />
        {t('answerIsJson')}
      </label>
    </DecisionPanel>
  )
}

function parseJson(text: string): { readonly value: JsonValue } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}
