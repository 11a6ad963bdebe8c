import type { JsonValue } from '@preceptor/client'
import type { ReactNode } from 'react'
import { isObject } from '../../data/is-object.ts'
import { useText } from '../../text/use-text.ts'
import { Button } from '../../ui/button.tsx'
import { addBranch, isStepType, type Path, valueAt, withoutItem } from './definition-edit.ts'
import { useEditing } from './edit-context.ts'
import { EDITOR } from './editor-messages.ts'
import { ChoiceField, JsonField, LineField, NumberField, WayField } from './fields.tsx'

interface StepFieldsProps {
  readonly path: Path
  readonly list: Path
  /** The editor of a list, for the branches of a step. */
  readonly renderList: (list: Path) => ReactNode
}

type FieldsOfStep = Omit<StepFieldsProps, 'renderList'>

const METHODS = ['GET', 'HEAD', 'PUT', 'DELETE', 'POST', 'PATCH'].map((name) => [name, name] as const)

/** The fields of a step, by its type. */
export function StepFields({ path, list, renderList }: StepFieldsProps): ReactNode {
  const { definition } = useEditing()
  const type = valueAt(definition, [...path, 'type'])
  if (!isStepType(type)) return null
  const props = { path, list }
  switch (type) {
    case 'agent':
      return <AgentFields {...props} />
    case 'api_call':
      return <ApiCallFields {...props} />
    case 'approval':
      return <ApprovalFields {...props} />
    case 'condition':
      return <ConditionFields {...props} />
    case 'parallel':
      return <ParallelFields {...props} renderList={renderList} />
    case 'transform':
      return <TransformFields {...props} />
  }
}

function AgentFields({ path, list }: FieldsOfStep): ReactNode {
  const t = useText(EDITOR)
  return (
    <>
      <LineField path={[...path, 'action']} label={t('action')} hint={t('actionHint')} isRequired />
      <JsonField path={[...path, 'args']} label={t('args')} hint={t('valueHint')} />
      <Next path={path} list={list} />
      <WayField path={[...path, 'onError']} list={list} label={t('onError')} byDefault={t('failsBranch')} />
      <Tries path={path} />
    </>
  )
}

function ApiCallFields({ path, list }: FieldsOfStep): ReactNode {
  const t = useText(EDITOR)
  return (
    <>
      <ChoiceField path={[...path, 'method']} label={t('method')} options={METHODS} />
      <UrlField path={[...path, 'url']} />
      <JsonField path={[...path, 'headers']} label={t('headers')} hint={t('headersHint')} />
      <JsonField path={[...path, 'body']} label={t('body')} hint={t('valueHint')} />
      <Next path={path} list={list} />
      <WayField path={[...path, 'onError']} list={list} label={t('onError')} byDefault={t('failsBranch')} />
      <Tries path={path} />
    </>
  )
}

/** An address, or an expression that gives one. */
function UrlField({ path }: { readonly path: Path }): ReactNode {
  const t = useText(EDITOR)
  const { definition } = useEditing()
  const value = valueAt(definition, path)
  return value === undefined || typeof value === 'string' ? (
    <LineField path={path} label={t('url')} isRequired />
  ) : (
    <JsonField path={path} label={t('url')} hint={t('valueHint')} />
  )
}

function ApprovalFields({ path, list }: FieldsOfStep): ReactNode {
  const t = useText(EDITOR)
  const { definition } = useEditing()
  const question = valueAt(definition, [...path, 'question'])
  return (
    <>
      {question === undefined || typeof question === 'string' ? (
        <LineField path={[...path, 'question']} label={t('question')} isRequired />
      ) : (
        <JsonField path={[...path, 'question']} label={t('question')} hint={t('valueHint')} />
      )}
      <JsonField path={[...path, 'data']} label={t('data')} hint={t('valueHint')} />
      <LineField path={[...path, 'agent']} label={t('agent')} hint={t('agentHint')} />
      <div className="wf-pair">
        <NumberField path={[...path, 'approvals']} label={t('approvals')} />
        <NumberField path={[...path, 'expiresInSeconds']} label={t('expires')} />
      </div>
      <Next path={path} list={list} />
      <div className="wf-pair">
        <WayField path={[...path, 'onReject']} list={list} label={t('onReject')} byDefault={t('cancelsRun')} />
        <WayField path={[...path, 'onExpire']} list={list} label={t('onExpire')} byDefault={t('failsRun')} />
      </div>
    </>
  )
}

function itemsAt(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : []
}

function ConditionFields({ path, list }: FieldsOfStep): ReactNode {
  const t = useText(EDITOR)
  const { definition, change, set } = useEditing()
  const at = [...path, 'branches']
  const branches = itemsAt(valueAt(definition, at))
  return (
    <>
      <ol className="stack">
        {branches.map((_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a branch is its place
          <li key={index} className="wf-branch">
            <LineField path={[...at, index, 'when']} label={t('when', { number: index + 1 })} isRequired />
            <WayField path={[...at, index, 'next']} list={list} label={t('thenWay', { number: index + 1 })} />
            <Button kind="quiet" onClick={() => change((present) => withoutItem(present, at, index))}>
              {t('removeBranch', { number: index + 1 })}
            </Button>
          </li>
        ))}
      </ol>
      <Button onClick={() => set(at, [...branches, { when: 'true', next: 'end' }])}>{t('addBranch')}</Button>
      <WayField path={[...path, 'otherwise']} list={list} label={t('otherwise')} byDefault={t('following')} />
    </>
  )
}

function ParallelFields({ path, list, renderList }: StepFieldsProps): ReactNode {
  const t = useText(EDITOR)
  const { definition, change } = useEditing()
  const at = [...path, 'branches']
  const branches = itemsAt(valueAt(definition, at))
  return (
    <>
      <ChoiceField
        path={[...path, 'join']}
        label={t('join')}
        options={[
          ['', t('joinAll')],
          ['any', t('joinAny')],
        ]}
      />
      {branches.map((branch, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a branch is its place
        <fieldset key={index} className="wf-branch">
          <legend className="field-label">
            {t('branchNamed', { name: isObject(branch) ? String(branch.name) : String(index + 1) })}
          </legend>
          <div className="wf-pair">
            <LineField path={[...at, index, 'name']} label={t('branchName')} isRequired />
            <ChoiceField
              path={[...at, index, 'onFailure']}
              label={t('onFailure')}
              options={[
                ['', t('failureFails')],
                ['ignore', t('failureIgnored')],
              ]}
            />
          </div>
          {renderList([...at, index, 'steps'])}
          <Button kind="quiet" onClick={() => change((present) => withoutItem(present, at, index))}>
            {t('removeBranch', { number: index + 1 })}
          </Button>
        </fieldset>
      ))}
      <Button onClick={() => change((present) => addBranch(present, path))}>{t('addBranch')}</Button>
      <Next path={path} list={list} />
      <WayField path={[...path, 'onError']} list={list} label={t('onError')} byDefault={t('failsBranch')} />
    </>
  )
}

function TransformFields({ path, list }: FieldsOfStep): ReactNode {
  const t = useText(EDITOR)
  return (
    <>
      <JsonField path={[...path, 'value']} label={t('value')} hint={t('valueHint')} />
      <Next path={path} list={list} />
    </>
  )
}

function Next({ path, list }: FieldsOfStep): ReactNode {
  const t = useText(EDITOR)
  return <WayField path={[...path, 'next']} list={list} label={t('next')} byDefault={t('following')} />
}

/** What most steps leave as it is. */
function Tries({ path }: { readonly path: Path }): ReactNode {
  const t = useText(EDITOR)
  return (
    <details className="wf-more">
      <summary>{t('more')}</summary>
      <div className="stack">
        <LineField path={[...path, 'agent']} label={t('agent')} hint={t('agentHint')} />
        <div className="wf-pair">
          <JsonField path={[...path, 'retry']} label={t('retry')} hint={t('retryHint')} />
          <NumberField path={[...path, 'timeoutSeconds']} label={t('timeout')} hint={t('timeoutHint')} />
        </div>
      </div>
    </details>
  )
}
