import type { JsonObject, JsonValue } from '@preceptor/client'
import type { Workflow, WorkflowDefinition } from '@preceptor/orchestration/client'
import { type ReactNode, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { isObject } from '../../data/is-object.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/page.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { UnsavedEdits } from '../../ui/unsaved-edits.tsx'
import { Drawing } from '../drawing.tsx'
import { readJson } from '../json-text.ts'
import { Checked } from './checked.tsx'
import { isStepType, type Path, pathText, stepsAt, withValue } from './definition-edit.ts'
import { EditContext, type Editing, useEditing } from './edit-context.ts'
import { EDITOR } from './editor-messages.ts'
import { JsonField, LineField } from './fields.tsx'
import { problemAt, problemsByPath } from './problems.ts'
import { SaveDialog } from './save-dialog.tsx'
import { editElement, StepListEditor } from './step-list-editor.tsx'
import { useCheck, useTold } from './use-check.ts'

interface EditorProps {
  /** The one that is edited; undefined for a new one. */
  readonly workflow: Workflow | undefined
  readonly begin: JsonObject
}

/** A definition as a form or as JSON, with its drawing and what the server finds wrong. */
export function Editor({ workflow, begin }: EditorProps): ReactNode {
  const t = useText(EDITOR)
  const [definition, setDefinition] = useState(begin)
  const [view, setView] = useState<'form' | 'json'>('form')
  const [broken, setBroken] = useBroken()
  const [isSaving, setSaving] = useState(false)
  const isChanged = useMemo(() => JSON.stringify(definition) !== JSON.stringify(begin), [definition, begin])
  const place = useRef<HTMLDivElement>(null)
  const check = useCheck(definition)
  const {
    problems: shown,
    tries,
    touch,
    attempt,
  } = useTold(check, { definition, begin, isNew: workflow === undefined })
  const problems = useMemo(() => problemsByPath(shown), [shown])
  useEffect(() => {
    if (tries > 0) goToProblem(place.current)
  }, [tries])
  const editing = useMemo<Editing>(
    () => ({
      definition,
      problems,
      change: (make) => setDefinition((present) => make(present)),
      set(path: Path, value: JsonValue | undefined) {
        touch(pathText(path))
        setDefinition((present) => withValue(present, path, value))
      },
      setBroken,
    }),
    [definition, problems, setBroken, touch],
  )
  const save = (): void => {
    if (broken.size > 0) return
    if (check.problems.length > 0 && !check.isChecking) attempt()
    else setSaving(true)
  }
  return (
    <EditContext value={editing}>
      <UnsavedEdits areThere={isChanged || broken.size > 0} />
      <div className="wf-editor" ref={place}>
        <div className="stack">
          <div className="line">
            <Views view={view} onView={setView} />
            <Button kind="primary" aria-disabled={broken.size > 0} onClick={save}>
              {t('save')}
            </Button>
            {broken.size === 0 ? null : <span className="bad">{t('notJson')}</span>}
          </div>
          {view === 'form' ? <Form /> : <WholeJson />}
        </div>
        <div className="stack wf-editor-side">
          <Checked check={check} shown={shown} />
          <LiveDrawing definition={definition} />
        </div>
      </div>
      {isSaving ? <SaveDialog workflow={workflow} definition={definition} onClose={() => setSaving(false)} /> : null}
    </EditContext>
  )
}

/** Paths of fields that hold no JSON. */
function useBroken(): readonly [broken: ReadonlySet<string>, setBroken: Editing['setBroken']] {
  const [broken, setBrokenPaths] = useState<ReadonlySet<string>>(new Set())
  const setBroken = useCallback((path: string, isBroken: boolean) => {
    setBrokenPaths((known) => {
      if (known.has(path) === isBroken) return known
      return new Set(isBroken ? [...known, path] : [...known].filter((one) => one !== path))
    })
  }, [])
  return [broken, setBroken]
}

interface ViewsProps {
  readonly view: 'form' | 'json'
  readonly onView: (view: 'form' | 'json') => void
}

function Views({ view, onView }: ViewsProps): ReactNode {
  const t = useText(EDITOR)
  return (
    <fieldset className="line" aria-label={t('views')}>
      <Button aria-pressed={view === 'form'} onClick={() => onView('form')}>
        {t('form')}
      </Button>
      <Button aria-pressed={view === 'json'} onClick={() => onView('json')}>
        {t('json')}
      </Button>
    </fieldset>
  )
}

/** Leads to the first field that something is wrong with, or to the list of what is. */
function goToProblem(place: HTMLElement | null): void {
  const field = place?.querySelector<HTMLElement>('[aria-invalid="true"]')
  const step = field?.closest('details')
  if (step) step.open = true
  const found = field ?? place?.querySelector<HTMLElement>('.note-bad')
  found?.focus()
}

function Form(): ReactNode {
  const t = useText(EDITOR)
  return (
    <>
      <Panel title={t('about')}>
        <div className="stack">
          <LineField path={['name']} label={t('name')} isRequired />
          <LineField path={['description']} label={t('description')} rows={2} />
          <LineField path={['agent']} label={t('mainAgent')} isRequired />
          <JsonField path={['input']} label={t('input')} />
        </div>
      </Panel>
      <Panel title={t('steps')}>
        <StepListEditor list={['steps']} />
      </Panel>
      <Panel title={t('output')}>
        <JsonField path={['output']} label={t('output')} hint={t('outputHint')} />
      </Panel>
    </>
  )
}

/** The same definition as JSON: what is pasted here is what the form shows. */
function WholeJson(): ReactNode {
  const t = useText(EDITOR)
  const { definition, problems, change, setBroken } = useEditing()
  const [text, setText] = useState(() => JSON.stringify(definition, null, 2))
  const [problem, setProblem] = useState<string>()
  const onChange = (next: string): void => {
    setText(next)
    const { value, problem: wrong } = readJson(next)
    const isDefinition = isObject(value) && Array.isArray(value.steps)
    setProblem(wrong ?? (isDefinition ? undefined : t('jsonObject')))
    setBroken('', !isDefinition)
    if (isDefinition) change(() => value)
  }
  return (
    <TextField
      label={t('jsonLabel')}
      isCode
      rows={32}
      value={text}
      problem={problem ?? problemAt(problems, '')}
      onChange={onChange}
    />
  )
}

/** The drawing of what is edited; a box leads to the form of its step. */
function LiveDrawing({ definition }: { readonly definition: JsonObject }): ReactNode {
  const t = useText(EDITOR)
  const shown = useDeferredValue(definition)
  const drawable = useMemo(() => drawableOf(shown), [shown])
  const open = (key: string): void => {
    const step = document.getElementById(editElement(key))
    if (step instanceof HTMLDetailsElement) step.open = true
    step?.querySelector('input')?.focus()
  }
  return <Drawing title={t('drawing')} definition={drawable} onOpen={({ key }) => open(key)} />
}

/** What can be drawn of a definition that is being written: steps that are some, in lists that are some. */
function drawableOf(definition: JsonObject): Pick<WorkflowDefinition, 'steps'> {
  return { steps: drawableSteps(definition, ['steps']) as never }
}

function drawableSteps(definition: JsonObject, list: Path): readonly JsonObject[] {
  return stepsAt(definition, list).map((step, index) => {
    const frame = { ...step, id: String(step.id ?? ''), type: isStepType(step.type) ? step.type : 'transform' }
    if (frame.type !== 'parallel' && frame.type !== 'condition') return frame
    const branches = stepsAt(definition, [...list, index, 'branches']).map((branch, place) =>
      frame.type === 'condition'
        ? { when: String(branch.when ?? ''), next: String(branch.next ?? '') }
        : {
            name: String(branch.name ?? ''),
            steps: drawableSteps(definition, [...list, index, 'branches', place, 'steps']),
          },
    )
    return { ...frame, branches }
  })
}
