import type { WorkflowDefinition, WorkflowStep } from '@preceptor/orchestration/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layoutOf } from './graph-layout.ts'
import { textLines } from './text-lines.ts'
import { graphOf } from './workflow-graph.ts'

const TARGETS = ['a', 'b', 'c', 'end', 'nowhere']
const target = fc.constantFrom(...TARGETS)
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const maybe = <Key extends string>(key: Key) =>
  fc.option(target, { nil: undefined }).map((to) => (to === undefined ? {} : { [key]: to }))

const { steps: anySteps } = fc.letrec<{ steps: WorkflowStep[]; step: WorkflowStep }>((tie) => ({
  steps: fc.array(tie('step'), { maxLength: 5, size: 'small' }),
  step: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.tuple(id, maybe('next')).map(([name, next]) => ({ id: name, type: 'transform', value: 1, ...next }) as const),
    fc
      .tuple(id, maybe('next'), maybe('onError'))
      .map(([name, next, fault]) => ({ id: name, type: 'agent', action: 'x', ...next, ...fault }) as const),
    fc
      .tuple(id, maybe('onReject'), maybe('onExpire'))
      .map(([name, no, late]) => ({ id: name, type: 'approval', question: '?', ...no, ...late }) as const),
    fc.tuple(id, fc.array(target, { maxLength: 3 }), maybe('otherwise')).map(([name, ways, otherwise]) => ({
      id: name,
      type: 'condition' as const,
      branches: ways.map((next) => ({ when: 'input.x > 1 && '.repeat(5), next })),
      ...otherwise,
    })),
    fc.tuple(id, tie('steps'), tie('steps'), maybe('next')).map(([name, one, two, next]) => ({
      id: name,
      type: 'parallel' as const,
      branches: [
        { name: 'one', steps: one },
        { name: 'two', steps: two },
      ],
      ...next,
    })),
  ),
}))

/** Each step with its path, as a definition nests them. */
function located(steps: readonly WorkflowStep[], list = 'steps'): readonly (readonly [string, WorkflowStep])[] {
  return steps.flatMap((step, index) => {
    const path = `${list}[${index}]`
    const inside = step.type === 'parallel' ? step.branches : []
    return [
      [path, step] as const,
      ...inside.flatMap((branch, at) => located(branch.steps, `${path}.branches[${at}].steps`)),
    ]
  })
}

/** How many ways on a step has, by the contract of its type. */
function waysOf(step: WorkflowStep): number {
  if (step.type === 'condition') return step.branches.length + 1
  if (step.type === 'approval') return 1 + Number(step.onReject !== undefined) + Number(step.onExpire !== undefined)
  return 1 + Number('onError' in step && step.onError !== undefined)
}

describe('a definition as a graph', () => {
  it('has every step as a node, with the ways that the definition says', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const graph = graphOf({ steps })
        const keys = new Set(graph.nodes.map(({ key }) => key))
        expect(keys.size).toBe(graph.nodes.length)
        for (const { from, to } of graph.edges) expect([keys.has(from), keys.has(to)]).toEqual([true, true])
        for (const [path, step] of located(steps)) {
          expect(graph.nodes.find(({ key }) => key === path)).toMatchObject({ id: step.id, kind: step.type })
          const from = step.type === 'parallel' ? `${path}.join` : path
          expect(graph.edges.filter((edge) => edge.from === from)).toHaveLength(waysOf(step))
          if (step.type === 'parallel') expect(graph.edges.filter((edge) => edge.from === path)).toHaveLength(2)
        }
      }),
    )
  })

  it('leads where the definition says: in its own list, to its end, or to what is missing', () => {
    const definition: Pick<WorkflowDefinition, 'steps'> = {
      steps: [
        { id: 'look', type: 'condition', branches: [{ when: 'input.x', next: 'pay' }], otherwise: 'gone' },
        {
          id: 'both',
          type: 'parallel',
          join: 'any',
          onError: 'pay',
          branches: [
            { name: 'l', steps: [{ id: 'left', type: 'transform', value: 1, next: 'end' }] },
            { name: 'r', steps: [{ id: 'right', type: 'transform', value: 1, next: 'pay' }] },
          ],
        },
        { id: 'pay', type: 'approval', question: '?', onReject: 'end', onExpire: 'pay' },
      ],
    }
    const { edges, nodes } = graphOf(definition)
    expect(
      edges.map(({ from, to, kind, label }) => `${from} ${kind}${label === null ? '' : ` ${label}`} ${to}`),
    ).toEqual([
      'begin next steps[0]',
      'steps[0] when input.x steps[2]',
      'steps[0] otherwise steps gone',
      'steps[1] into l steps[1].branches[0].steps[0]',
      'steps[1].branches[0].steps[0] next steps[1].join',
      'steps[1] into r steps[1].branches[1].steps[0]',
      'steps[1].branches[1].steps[0] next steps[1].branches[1].steps pay',
      'steps[1].join next steps[2]',
      'steps[1].join error steps[2]',
      'steps[2] next end',
      'steps[2] reject end',
      'steps[2] expire steps[2]',
    ])
    expect(nodes.filter(({ kind }) => kind === 'missing').map(({ id: name }) => name)).toEqual(['gone', 'pay'])
  })
})

describe('its layout', () => {
  it('has no two boxes over each other, none outside, and a way for each edge', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const graph = graphOf({ steps })
        const { nodes, edges, width, height } = layoutOf(graph, ({ label }) => label)
        expect(nodes).toHaveLength(graph.nodes.length)
        for (const { points } of edges) expect(points.length).toBeGreaterThan(1)
        nodes.forEach((one, index) => {
          expect(one.x - one.width / 2).toBeGreaterThanOrEqual(0)
          expect(one.y - one.height / 2).toBeGreaterThanOrEqual(0)
          expect(one.x + one.width / 2).toBeLessThanOrEqual(width)
          expect(one.y + one.height / 2).toBeLessThanOrEqual(height)
          for (const other of nodes.slice(index + 1)) {
            const apartX = Math.abs(one.x - other.x) - (one.width + other.width) / 2
            const apartY = Math.abs(one.y - other.y) - (one.height + other.height) / 2
            expect(Math.max(apartX, apartY)).toBeGreaterThan(0)
          }
        })
      }),
      { numRuns: 60 },
    )
  })
})

describe('a text in lines', () => {
  it('leaves nothing out and is never wider', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 1, max: 30 }), (text, most) => {
        const lines = textLines(text, most)
        expect(lines.join('').replaceAll(/\s+/gu, '')).toBe(text.replaceAll(/\s+/gu, ''))
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(most)
      }),
    )
  })
})
