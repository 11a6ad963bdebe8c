import fc from 'fast-check'
import type { TransformStep, WorkflowDefinition, WorkflowStep } from '../client/workflow-definition.ts'

/** A definition that has all types of steps and nothing wrong. */
export const REFUND: WorkflowDefinition = {
  name: 'Refund',
  agent: 'refund-bot',
  input: { type: 'object', properties: { cents: { type: 'integer' } }, required: ['cents'] },
  steps: [
    {
      id: 'fetch',
      type: 'api_call',
      method: 'GET',
      url: 'https://crm.example/orders',
      headers: { authorization: { $secret: 'crm' } },
      onError: 'ask',
    },
    {
      id: 'checks',
      type: 'parallel',
      branches: [
        {
          name: 'credit',
          steps: [{ id: 'credit', type: 'agent', action: 'credit.check', args: { cents: { $cel: 'input.cents' } } }],
        },
        {
          name: 'fraud',
          onFailure: 'ignore',
          steps: [{ id: 'fraud', type: 'transform', value: { $cel: 'steps.fetch' } }],
        },
      ],
    },
    {
      id: 'large',
      type: 'condition',
      branches: [{ when: 'input.cents > 10000 || steps.checks.fraud == null', next: 'ask' }],
      otherwise: 'pay',
    },
    {
      id: 'ask',
      type: 'approval',
      question: 'May it be paid?',
      data: { cents: { $cel: 'input.cents' } },
      onReject: 'end',
      onExpire: 'ask',
    },
    { id: 'pay', type: 'agent', action: 'refund.create', args: { cents: { $cel: 'input.cents' } } },
  ],
  output: { paid: { $cel: 'has(steps.pay)' }, note: 'as asked' },
}

/** A definition of these steps. */
export function definitionOf(steps: readonly WorkflowStep[]): WorkflowDefinition {
  return { name: 'A', agent: 'bot', steps }
}

/** A step that does nothing, with what a test says of it. */
export function transform(id: string, more: Partial<TransformStep> = {}): WorkflowStep {
  return { id, type: 'transform', value: null, ...more }
}

interface Shape {
  readonly type: 'transform' | 'agent' | 'approval' | 'condition' | 'parallel'
  readonly targets: readonly (number | null)[]
  readonly branches: readonly Shape[][]
}

const leaf = fc.record({
  type: fc.constantFrom('transform', 'agent', 'approval', 'condition'),
  targets: fc.array(fc.option(fc.nat({ max: 7 })), { minLength: 3, maxLength: 3 }),
  branches: fc.constant([]),
}) satisfies fc.Arbitrary<Shape>

function shapes(depth: number): fc.Arbitrary<Shape[]> {
  if (depth === 0) return fc.array(leaf, { minLength: 1, maxLength: 3 })
  const parallel = fc.record({
    type: fc.constant('parallel'),
    targets: fc.array(fc.option(fc.nat({ max: 7 })), { minLength: 3, maxLength: 3 }),
    branches: fc.array(shapes(depth - 1), { minLength: 2, maxLength: 3 }),
  }) satisfies fc.Arbitrary<Shape>
  return fc.array(fc.oneof({ weight: 4, arbitrary: leaf }, { weight: 1, arbitrary: parallel }), {
    minLength: 1,
    maxLength: 6,
  })
}

/** Definitions of any shape: every target is in its own list; steps may be unreachable and go round. */
export const anyDefinition: fc.Arbitrary<WorkflowDefinition> = shapes(2).map((list) => definitionOf(build(list, 's')))

function build(list: readonly Shape[], prefix: string): readonly WorkflowStep[] {
  return list.map((shape, index) => stepOf(shape, { id: `${prefix}${index}`, prefix, count: list.length }))
}

function stepOf(
  { type, targets, branches }: Shape,
  { id, prefix, count }: { readonly id: string; readonly prefix: string; readonly count: number },
): WorkflowStep {
  const target = (at: number): string | undefined => {
    const number = targets[at]
    if (number === null || number === undefined) return undefined
    return number % (count + 1) === count ? 'end' : `${prefix}${number % (count + 1)}`
  }
  const way = <Name extends string>(name: Name, at: number): { readonly [Key in Name]?: string } => {
    const to = target(at)
    return (to === undefined ? {} : { [name]: to }) as { readonly [Key in Name]?: string }
  }
  switch (type) {
    case 'transform':
      return { id, type, value: 1, ...way('next', 0) }
    case 'agent':
      return { id, type, action: 'a.b', ...way('next', 0), ...way('onError', 1) }
    case 'approval':
      return { id, type, question: 'Well?', ...way('next', 0), ...way('onReject', 1), ...way('onExpire', 2) }
    case 'condition':
      return { id, type, branches: [{ when: 'true', next: target(0) ?? 'end' }], ...way('otherwise', 1) }
    case 'parallel':
      return {
        id,
        type,
        ...way('next', 0),
        ...way('onError', 1),
        branches: branches.map((inner, at) => ({ name: `b${at}`, steps: build(inner, `${id}_${at}_`) })),
      }
  }
}
