import type { JsonValue } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WorkflowDefinition, WorkflowStep } from '../client/workflow-definition.ts'
import { checkDefinition, definitionProblems } from './check-definition.ts'
import { anyDefinition, definitionOf, REFUND, transform } from './definitions.test.helper.ts'
import { planOf, type WorkflowPlan } from './graph.ts'
import { parseDefinition } from './parse-definition.ts'

function problemsOf(given: unknown): readonly string[] {
  return definitionProblems(given).map(({ path, code, message }) => `${path} ${code}: ${message}`)
}

function parallel(id: string, ...branches: readonly (readonly WorkflowStep[])[]): WorkflowStep {
  return { id, type: 'parallel', branches: branches.map((steps, index) => ({ name: `b${index}`, steps })) }
}

function valued(value: JsonValue): WorkflowDefinition {
  return definitionOf([transform('a', { value })])
}

describe('definitions', () => {
  it('takes one with all types of steps', () => {
    expect(definitionProblems(REFUND)).toEqual([])
  })

  it.each<[string, unknown, string]>([
    ['no object', null, ' malformed: definition is not a JSON object'],
    ['what is no JSON', { ...REFUND, output: Number.NaN }, ' malformed: definition: output is NaN'],
    [
      'one that is too large',
      { ...REFUND, description: 'a'.repeat(300_000) },
      ' malformed: definition is larger than 262144',
    ],
    ['a key that is not known', { ...REFUND, retries: 3 }, ' malformed: Unknown key "retries".'],
    [
      'a key of a step that is not known',
      definitionOf([{ ...transform('a'), next: 'end', onError: 'end' } as WorkflowStep]),
      'steps[0] malformed: Unknown key "onError".',
    ],
    ['a type that is not known', { ...REFUND, steps: [{ id: 'a', type: 'loop' }] }, 'steps[0].type malformed'],
    ['no steps', { ...REFUND, steps: [] }, 'steps malformed'],
    ['an id that is none', definitionOf([transform('1a')]), 'steps[0].id malformed: a letter'],
    ['a title of two lines', definitionOf([transform('a', { title: 'a\nb' })]), 'steps[0].title malformed: one line'],
    [
      'too many tries',
      definitionOf([{ id: 'a', type: 'agent', action: 'a.b', retry: { attempts: 11 } }]),
      'steps[0].retry.attempts malformed',
    ],
    ['one branch', definitionOf([parallel('a', [transform('b')])]), 'steps[0].branches malformed'],
    [
      'more than 200 steps',
      definitionOf([
        parallel(
          'p',
          Array.from({ length: 150 }, (_, at) => transform(`a${at}`)),
          Array.from({ length: 51 }, (_, at) => transform(`b${at}`)),
        ),
      ]),
      'steps malformed: There are 202 steps',
    ],
    [
      'an id twice',
      definitionOf([transform('a'), parallel('p', [transform('a')], [transform('b')])]),
      'steps[1].branches[0].steps[0].id duplicate_step: The id "a" is that of steps[0] too.',
    ],
    ['an id that is reserved', definitionOf([transform('end')]), 'steps[0].id duplicate_step: "end" is no id'],
    [
      'a name of a branch twice',
      definitionOf([
        {
          id: 'p',
          type: 'parallel',
          branches: [
            { name: 'x', steps: [transform('a')] },
            { name: 'x', steps: [transform('b')] },
          ],
        },
      ]),
      'steps[0].branches[1].name duplicate_step',
    ],
    [
      'a target that is not there',
      definitionOf([transform('a', { next: 'b' })]),
      'steps[0].next unknown_step: There is no step "b".',
    ],
    [
      'a target in another list',
      definitionOf([parallel('p', [transform('a', { next: 'c' })], [transform('b')]), transform('c')]),
      'steps[0].branches[0].steps[0].next unknown_step: The step "c" is in another list',
    ],
    [
      'a target of a branch of a condition',
      definitionOf([{ id: 'a', type: 'condition', branches: [{ when: 'true', next: 'x' }] }]),
      'steps[0].branches[0].next unknown_step',
    ],
    [
      'another target of a condition',
      definitionOf([{ id: 'a', type: 'condition', branches: [{ when: 'true', next: 'end' }], otherwise: 'x' }]),
      'steps[0].otherwise unknown_step',
    ],
    [
      'a target of an error',
      definitionOf([{ id: 'a', type: 'agent', action: 'a.b', onError: 'x' }]),
      'steps[0].onError unknown_step',
    ],
    [
      'targets of an approval',
      definitionOf([{ id: 'a', type: 'approval', question: 'Well?', onReject: 'x', onExpire: 'end' }]),
      'steps[0].onReject unknown_step',
    ],
    [
      'a step that nothing leads to',
      definitionOf([transform('a', { next: 'end' }), transform('b')]),
      'steps[1] unreachable_step: Nothing leads to the step "b".',
    ],
    [
      'a cycle',
      definitionOf([transform('a'), transform('b'), transform('c', { next: 'b' })]),
      'steps[1] cycle_without_wait: b → c → b leads back',
    ],
    [
      'a step that leads to itself',
      definitionOf([transform('a', { next: 'a' })]),
      'steps[0] cycle_without_wait: a → a leads back',
    ],
    [
      'a cycle inside a branch',
      definitionOf([parallel('p', [transform('a'), transform('b', { next: 'a' })], [transform('c')])]),
      'steps[0].branches[0].steps[0] cycle_without_wait: a → b → a',
    ],
    [
      'an expression that is none',
      valued({ deep: [{ $cel: 'input.' }] }),
      'steps[0].value.deep[0].$cel expression_invalid: The expression is not valid',
    ],
    [
      'an expression beside a key',
      valued({ $cel: '1', more: 1 }),
      'steps[0].value malformed: An object with "$cel" holds nothing else',
    ],
    ['an expression that is no text', valued({ $cel: 1 }), 'steps[0].value malformed: An object with "$cel"'],
    [
      'a condition that is none',
      definitionOf([{ id: 'a', type: 'condition', branches: [{ when: 'total > 1', next: 'end' }] }]),
      'steps[0].branches[0].when expression_invalid: The expression is not valid: it names "total"',
    ],
    [
      'a reference to no step',
      valued({ $cel: 'steps.x' }),
      'steps[0].value.$cel unknown_reference: There is no step "x".',
    ],
    [
      'a reference to itself',
      valued({ $cel: 'steps.a' }),
      'steps[0].value.$cel unknown_reference: The step "a" cannot have ended before "a"',
    ],
    [
      'a reference to a later step',
      definitionOf([transform('a', { value: { $cel: 'failures.b' } }), transform('b')]),
      'steps[0].value.$cel unknown_reference',
    ],
    [
      'a reference into another branch',
      definitionOf([parallel('p', [transform('a')], [transform('b', { value: { $cel: 'has(steps.a)' } })])]),
      'steps[0].branches[1].steps[0].value.$cel unknown_reference',
    ],
    [
      'a reference to what it is in',
      definitionOf([parallel('p', [transform('a', { value: { $cel: 'steps.p' } })], [transform('b')])]),
      'unknown_reference',
    ],
    ['a reference of the output', { ...REFUND, output: { $cel: 'steps.x' } }, 'output.$cel unknown_reference'],
    ['what a run has not', valued({ $cel: 'run.owner' }), 'unknown_reference: A run has no "owner".'],
    [
      'a secret outside of headers',
      valued({ key: { $secret: 'crm' } }),
      'steps[0].value.key malformed: A secret is only filled in as a header',
    ],
    [
      'a secret inside a header',
      definitionOf([
        {
          id: 'a',
          type: 'api_call',
          method: 'GET',
          url: 'https://a.example',
          headers: { x: { y: { $secret: 'crm' } } },
        },
      ]),
      'steps[0].headers.x.y malformed: A secret',
    ],
    [
      'a secret in a body',
      definitionOf([{ id: 'a', type: 'api_call', method: 'POST', url: 'https://a.example', body: { $secret: 'crm' } }]),
      'steps[0].body malformed: A secret',
    ],
    [
      'a secret without a name',
      definitionOf([
        { id: 'a', type: 'api_call', method: 'GET', url: 'https://a.example', headers: { x: { $secret: '' } } },
      ]),
      'steps[0].headers.x.$secret malformed',
    ],
    [
      'an address of a file',
      definitionOf([{ id: 'a', type: 'api_call', method: 'GET', url: 'file:///etc/passwd' }]),
      'steps[0].url malformed: An address with http',
    ],
    [
      'an address with a password',
      definitionOf([{ id: 'a', type: 'api_call', method: 'GET', url: 'https://a:b@a.example' }]),
      'steps[0].url malformed',
    ],
    [
      'args that are no object',
      definitionOf([{ id: 'a', type: 'agent', action: 'a.b', args: [1] }]),
      'steps[0].args malformed: An object is needed',
    ],
    [
      'a schema with a type that is none',
      { ...REFUND, input: { type: 'objekt' } },
      'input.type schema_invalid: A type is one of',
    ],
    [
      'a schema with a pattern',
      { ...REFUND, input: { properties: { a: { items: { pattern: '(a+)+$' } } } } },
      'input.properties.a.items.pattern schema_invalid: "pattern" is not supported.',
    ],
    ['a schema with references', { ...REFUND, input: { $ref: '#' } }, 'input.$ref schema_invalid'],
    [
      'a schema of which a part is none',
      { ...REFUND, input: { allOf: [1] } },
      'input.allOf[0] schema_invalid: A schema is an object',
    ],
  ])('finds %s', (_name, given, problem) => {
    expect(problemsOf(given).join('\n')).toContain(problem)
  })

  it('takes ways back that come by an approval, and references along them', () => {
    const ask: WorkflowStep = {
      id: 'ask',
      type: 'approval',
      question: { $cel: '"Again, after " + string(has(steps.ask))' },
      onReject: 'a',
    }
    expect(
      problemsOf(
        definitionOf([
          transform('a', { value: { $cel: 'has(steps.b) ? steps.b : null' } }),
          ask,
          transform('b', { next: 'ask' }),
        ]),
      ),
    ).toEqual([])
  })

  it('takes references to what ended before, inside of branches too', () => {
    const inner = parallel('q', [transform('c', { value: { $cel: 'steps.a' } })], [transform('d')])
    expect(
      problemsOf(
        definitionOf([
          transform('a'),
          parallel('p', [inner], [transform('b')]),
          transform('e', { value: { $cel: '[steps.c, steps.q, steps.p, failures.b]' } }),
        ]),
      ),
    ).toEqual([])
  })

  it('finds all that is wrong at once, and tells each place', () => {
    const given = definitionOf([
      transform('a', { next: 'x', value: { $cel: 'steps.y' } }),
      transform('a', { value: { $cel: '(' } }),
    ])
    expect(definitionProblems(given).map(({ path, code }) => `${path} ${code}`)).toEqual([
      'steps[1].id duplicate_step',
      'steps[0].next unknown_step',
      'steps[0].value.$cel unknown_reference',
      'steps[1].value.$cel expression_invalid',
    ])
  })

  it('takes the secrets out of what people write', () => {
    const note = 'Sign in with password=hunter2hunter2'
    const given = { ...definitionOf([transform('a', { title: note })]), description: note }
    const { definition } = parseDefinition(given)
    expect(definition?.description).toContain('Sign in with')
    expect(JSON.stringify(definition)).not.toContain('hunter2')
  })
})

/** Walks along every way of every list. */
function targetsIn(plan: WorkflowPlan): readonly (readonly [string, string | null])[] {
  return plan.ids.flatMap((id) => plan.edgesOf(id).map(({ to }) => [id, to] as const))
}

/** Whether a step comes back to itself without an approval, by trying all ways on. */
function goesRound(plan: WorkflowPlan, id: string): boolean {
  const seen = new Set<string>()
  const open = [id]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (plan.step(at)?.type === 'approval') continue
    for (const { to } of plan.edgesOf(at)) {
      if (to === id) return true
      if (to === null || seen.has(to)) continue
      seen.add(to)
      open.push(to)
    }
  }
  return false
}

describe('definitions of any shape', { timeout: 60_000 }, () => {
  it('has a step for every target, in the same list, and is reached as a whole', () => {
    let accepted = 0
    fc.assert(
      fc.property(anyDefinition, (definition) => {
        if (checkDefinition(definition).length > 0) return
        accepted += 1
        const plan = planOf(definition)
        for (const [from, to] of targetsIn(plan)) {
          if (to === null) continue
          expect(plan.step(to)?.id).toBe(to)
          expect(plan.listOf(to)).toBe(plan.listOf(from))
        }
        const first = plan.first(null) ?? ''
        expect(new Set([first, ...plan.reachableFrom(first)])).toEqual(new Set(plan.ids))
      }),
      { numRuns: 1_000 },
    )
    expect(accepted).toBeGreaterThan(50)
  })

  it('goes round only by way of an approval, and where it does otherwise the cycle is named', () => {
    fc.assert(
      fc.property(anyDefinition, (definition) => {
        const plan = planOf(definition)
        const named = checkDefinition(definition).filter(({ code }) => code === 'cycle_without_wait')
        const going = plan.ids.some((id) => goesRound(plan, id))
        expect(named.length > 0).toBe(going)
        for (const { message } of named) {
          const cycle = message.split(' leads back')[0]?.split(' → ') ?? []
          expect(cycle.at(-1)).toBe(cycle[0])
          for (const [index, id] of cycle.slice(0, -1).entries()) {
            expect(plan.edgesOf(id).map(({ to }) => to)).toContain(cycle[index + 1])
            expect(plan.step(id)?.type).not.toBe('approval')
          }
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('is refused at the place where a target was renamed', () => {
    fc.assert(
      fc.property(anyDefinition, fc.nat(), (definition, pick) => {
        const text = JSON.stringify(definition)
        const places = [...text.matchAll(/"(next|otherwise|onError|onReject|onExpire)":"s[\w]*"/g)]
        const place = places[pick % Math.max(1, places.length)]
        if (place === undefined) return
        const renamed = `${text.slice(0, place.index)}"${place[1]}":"gone"${text.slice(place.index + place[0].length)}`
        const problems = definitionProblems(JSON.parse(renamed)).filter(({ code }) => code === 'unknown_step')
        expect(problems).toHaveLength(1)
        expect(problems[0]?.message).toContain('"gone"')
        expect(at(JSON.parse(renamed), problems[0]?.path ?? '')).toBe('gone')
      }),
      { numRuns: 300 },
    )
  })

  it('is refused where a step leads to one that was taken out', () => {
    fc.assert(
      fc.property(anyDefinition, fc.nat(), (definition, pick) => {
        if (definition.steps.length < 2) return
        const removed = definition.steps[pick % definition.steps.length]
        const rest = { ...definition, steps: definition.steps.filter((step) => step !== removed) }
        const expected = JSON.stringify(rest.steps).split(`:"${removed?.id}"`).length - 1
        const problems = checkDefinition(rest).filter(({ code }) => code === 'unknown_step')
        expect(problems).toHaveLength(expected)
        for (const { path } of problems) expect(at(rest, path)).toBe(removed?.id)
      }),
      { numRuns: 300 },
    )
  })
})

function at(value: unknown, path: string): unknown {
  return path
    .split(/[.[\]]+/)
    .filter((part) => part !== '')
    .reduce<unknown>((here, part) => Reflect.get(Object(here), part), value)
}
