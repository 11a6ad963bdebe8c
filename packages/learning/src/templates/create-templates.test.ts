import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTemplates } from './create-templates.ts'

const OPTION_INVALID = expect.objectContaining({ code: 'OPTION_INVALID' })
const INPUT_INVALID = expect.objectContaining({ code: 'INPUT_INVALID' })
const greeting = { name: 'greet', text: 'Greet {{person}}, {{person}}, of {{city}}.' }

describe('templates', () => {
  it('are there for each strategy, and to evaluate by', () => {
    expect(createTemplates().names).toEqual([
      ...['improve-engineer', 'improve-documentation', 'improve-qa', 'improve-research', 'improve-ops'],
      ...['improve-security', 'improve-ticketing', 'improve-version-control', 'improve-data-engineer'],
      ...['improve-generic', 'evaluate'],
    ])
  })

  it('take each variable wherever it stands', () => {
    const templates = createTemplates({ own: [greeting] })
    expect(templates.variablesOf('greet')).toEqual(['person', 'city'])
    expect(templates.render('greet', { person: 'Ana', city: 'Rome' })).toBe('Greet Ana, Ana, of Rome.')
  })

  it('refuse a variable without a value, and a value without a variable, by name', () => {
    const { render } = createTemplates({ own: [greeting] })
    expect(() => render('greet', { person: 'Ana' })).toThrow(/no value for "city"/)
    expect(() => render('greet', { person: 'Ana' })).toThrow(INPUT_INVALID)
    expect(() => render('greet', { person: 'Ana', city: 'Rome', town: 'Rome' })).toThrow(/no variable "town"/)
    expect(() => createTemplates({ own: [{ name: 'proto', text: '{{constructor}}' }] }).render('proto', {})).toThrow(
      INPUT_INVALID,
    )
    expect(() => render('leave', {})).toThrow(OPTION_INVALID)
  })

  it('leave a value as it is, whatever it looks like', () => {
    const { render } = createTemplates({ own: [{ name: 'say', text: '<{{words}}>{{end}}' }] })
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('{{end}}', '$&', '$1', '{{words}}')), (words) => {
        expect(render('say', { words, end: '.' })).toBe(`<${words}>.`)
      }),
    )
  })

  it.each([
    ['of the same name', [greeting, greeting]],
    ['with a name of another form', [{ name: 'Greet me', text: 'Hi' }]],
    ['with a variable that is none', [{ name: 'greet', text: 'Greet {{ person }}.' }]],
    ['in place of a built-in one, with other variables', [{ name: 'evaluate', text: 'Rate {{answer}}.' }]],
  ])('are refused %s', (_, own) => {
    expect(() => createTemplates({ own })).toThrow(OPTION_INVALID)
  })
})
