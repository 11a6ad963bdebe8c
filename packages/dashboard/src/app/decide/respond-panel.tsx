import type { JsonValue } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { TextField } from '../ui/text-field.tsx'
import { DecisionPanel } from './panel.tsx'
import type { PanelProps } from './panel-props.ts'

/** Answers the agent in the place of the action, which then never runs. */
export function RespondPanel({ card, decide, onClose }: PanelProps): ReactNode {
  const [answer, setAnswer] = useState('')
  const [isJson, setJson] = useState(false)
  const { id, version, actionHash } = card.proposal
  const parsed = isJson ? parseJson(answer) : { value: answer }
  const confirm = (): void => {
    if (parsed === undefined) return
    decide.run(
      (proposals) => proposals.respond(id, { version, actionHash, response: parsed.value }),
      () => 'Answered. The action will not run.',
    )
  }
  return (
    <DecisionPanel
      title="Answer instead of the action"
      decide={decide}
      confirm={{ label: 'Send the answer', kind: 'primary', isReady: answer.trim() !== '' && parsed !== undefined }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className="muted small">The agent gets your answer as the result. The action never runs.</p>
      <TextField
        label="Answer"
        value={answer}
        onChange={setAnswer}
        isRequired
        rows={3}
        problem={parsed === undefined && answer !== '' ? 'This is not JSON.' : undefined}
      />
      <label className="check">
        <input type="checkbox" checked={isJson} onChange={(event) => setJson(event.target.checked)} />
        The answer is JSON
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
