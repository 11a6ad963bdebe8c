import { visibleText } from '@preceptor/client'
import { STEP_TYPES } from '@preceptor/orchestration/client'
import type { ReactNode } from 'react'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import { ChoiceButton } from '../../ui/choice-button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { TYPE_KEYS } from '../step-looks.ts'
import { WORKFLOWS } from '../workflows-messages.ts'
import {
  addStep,
  isStepType,
  moveStep,
  type Path,
  pathText,
  removeStep,
  renameStep,
  stepsAt,
} from './definition-edit.ts'
import { useEditing } from './edit-context.ts'
import { EDITOR } from './editor-messages.ts'
import { LineField } from './fields.tsx'
import { type Problems, problemAt } from './problems.ts'
import { StepFields } from './step-fields.tsx'

/** The steps of a list, each with its form; a menu adds one at the end. */
export function StepListEditor({ list }: { readonly list: Path }): ReactNode {
  const t = useText(EDITOR)
  const words = useText(WORKFLOWS)
  const { definition, change } = useEditing()
  const steps = stepsAt(definition, list)
  return (
    <div className="stack">
      <ol className="stack">
        {steps.map((_, index) => (
          // A step is its place: its name changes while somebody types it.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={index}>
            <StepEditor list={list} index={index} count={steps.length} />
          </li>
        ))}
      </ol>
      <ChoiceButton
        label={t('addStep')}
        choices={STEP_TYPES.map((type) => [type, words(TYPE_KEYS[type])] as const)}
        onChoose={(type) => change((present) => addStep(present, list, type))}
      />
    </div>
  )
}

interface StepEditorProps {
  readonly list: Path
  readonly index: number
  readonly count: number
}

/** Name of the element of a step, to which the drawing leads. */
export const editElement = (path: string): string => `edit-${path}`

function StepEditor({ list, index, count }: StepEditorProps): ReactNode {
  const t = useText(EDITOR)
  const words = useText(WORKFLOWS)
  const { definition, problems, change } = useEditing()
  const step = stepsAt(definition, list)[index]
  const path = [...list, index]
  const at = pathText(path)
  const id = String(step?.id ?? '')
  const type = step?.type
  const count_ = countAt(problems, at)
  const name = id === '' ? t('stepNumber', { number: index + 1 }) : visibleText(id)
  return (
    <details className="wf-step" open id={editElement(at)}>
      <summary>
        <span className="wf-step-name">{name}</span>
        <span className="tag">{isStepType(type) ? words(TYPE_KEYS[type]) : t('unknownType')}</span>
        {count_ === 0 ? null : <span className="badge tone-bad">{t('problemCount', { count: count_ })}</span>}
      </summary>
      <div className="stack wf-step-body">
        <div className="wf-pair">
          <TextField
            label={t('stepId')}
            value={id}
            isRequired
            isCode
            problem={problemAt(problems, `${at}.id`) ?? problems.get(at)}
            onChange={(text) => change((present) => renameStep(present, list, index, text))}
          />
          <LineField path={[...path, 'title']} label={t('stepTitle')} />
        </div>
        <StepFields path={path} list={list} renderList={(inner) => <StepListEditor list={inner} />} />
        <div className="line">
          <Button
            kind="quiet"
            disabled={index === 0}
            onClick={() => change((present) => moveStep(present, list, index, -1))}
          >
            {t('moveUp')}
            <span className="visually-hidden"> {name}</span>
          </Button>
          <Button
            kind="quiet"
            disabled={index + 1 === count}
            onClick={() => change((present) => moveStep(present, list, index, 1))}
          >
            {t('moveDown')}
            <span className="visually-hidden"> {name}</span>
          </Button>
          <Button kind="danger" onClick={() => change((present) => removeStep(present, list, index))}>
            {t('removeStep')}
            <span className="visually-hidden"> {name}</span>
          </Button>
        </div>
      </div>
    </details>
  )
}

function countAt(problems: Problems, path: string): number {
  return [...problems.keys()].filter((at) => at === path || at.startsWith(`${path}.`)).length
}
