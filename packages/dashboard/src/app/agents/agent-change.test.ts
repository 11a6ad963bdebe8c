import type { Agent } from '@preceptor/client'
import { expect, it } from 'vitest'
import { changeOf, formOf } from './agent-change.ts'

const AGENT = {
  displayName: 'Bot',
  category: 'Finance',
  specialty: null,
  ownerId: 'lee',
  capabilities: ['a', 'b'],
} as const satisfies Partial<Agent> as unknown as Agent

it('the form of an agent changes what was changed and nothing else', () => {
  const form = formOf(AGENT)
  expect(changeOf(AGENT, form)).toEqual({})
  expect(changeOf(AGENT, { ...form, displayName: ' Bot ', capabilities: 'a\n\n b \na' })).toEqual({})
  expect(changeOf(AGENT, { ...form, category: ' ', specialty: 'x', capabilities: '' })).toEqual({
    category: null,
    specialty: 'x',
    capabilities: [],
  })
})
