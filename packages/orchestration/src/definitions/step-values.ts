import type { WorkflowDefinition, WorkflowValue } from '../client/workflow-definition.ts'
import { stepLists } from './located-steps.ts'

/** A value of a definition and where it stands. */
export interface LocatedValue {
  readonly value: WorkflowValue
  readonly path: string
  /** Id of the step that evaluates it; null for the output of the workflow. */
  readonly step: string | null
  readonly kind: 'any' | 'object' | 'address' | 'header' | 'when'
  /** Name of the header that it is the value of. */
  readonly header?: string
}

/** All values that are evaluated in a run, with the expressions of conditions. */
export function valuesOf(definition: WorkflowDefinition): readonly LocatedValue[] {
  const values: LocatedValue[] = []
  for (const { steps } of stepLists(definition.steps)) {
    for (const { step, path } of steps) {
      const add = (field: string, value: WorkflowValue | undefined, kind: LocatedValue['kind'] = 'any'): void => {
        if (value !== undefined) values.push({ value, path: `${path}.${field}`, step: step.id, kind })
      }
      if (step.type === 'agent') add('args', step.args, 'object')
      if (step.type === 'transform') add('value', step.value)
      if (step.type === 'approval') add('question', step.question)
      if (step.type === 'approval') add('data', step.data, 'object')
      if (step.type === 'condition') {
        for (const [at, { when }] of step.branches.entries()) add(`branches[${at}].when`, when, 'when')
      }
      if (step.type !== 'api_call') continue
      add('url', step.url, 'address')
      for (const [name, value] of Object.entries(step.headers ?? {})) {
        values.push({ value, path: `${path}.headers.${name}`, step: step.id, kind: 'header', header: name })
      }
      add('body', step.body)
    }
  }
  if (definition.output === undefined) return values
  return [...values, { value: definition.output, path: 'output', step: null, kind: 'any' }]
}
