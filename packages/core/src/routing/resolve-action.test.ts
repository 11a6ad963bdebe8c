import type { ActionDefinition, Trigger } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createActionRegistry } from '../actions/action-registry.ts'
import { specifyAction } from '../actions/specify-action.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { assertResolved, resolveAction } from './resolve-action.ts'

const workspace = 'default'
const refund: ActionDefinition = { args: z.object({ cents: z.coerce.number().int(), note: z.string().default('-') }) }
const trigger: Trigger = { agent: 'bot', action: 'refund.create', args: { cents: '5' } }

function registryOf(...definitions: readonly ActionDefinition[]) {
  const registry = createActionRegistry()
  for (const definition of definitions) registry.add(workspace, specifyAction('refund.create', definition))
  return registry
}

describe('the action of a trigger [ACT-1, ACT-2, ACT-4]', () => {
  it('has the args as they were parsed, and their hash', async () => {
    const args = { cents: 5, note: '-' }
    const resolution = await resolveAction(registryOf(refund), workspace, trigger)
    expect(resolution).toMatchObject({ status: 'resolved', args, argsHash: hashCanonical(args) })
    expect(assertResolved(resolution)).toBe(resolution)
  })

  it('waits for nothing where the schema does not', () => {
    const schema = { type: 'object', properties: { cents: { type: 'integer' } } }
    const resolution = resolveAction(registryOf({ args: schema }), workspace, { ...trigger, args: { cents: 5 } })
    expect(resolution).not.toBeInstanceOf(Promise)
    expect(resolution).toMatchObject({ status: 'resolved', args: { cents: 5 } })
  })

  it('is unknown where nobody registered it, in this workspace', async () => {
    const unknown = { status: 'unresolved', code: 'ACTION_UNKNOWN' }
    expect(await resolveAction(registryOf(), workspace, trigger)).toMatchObject(unknown)
    expect(await resolveAction(registryOf(refund), 'other', trigger)).toMatchObject(unknown)
    expect(await resolveAction(registryOf(refund), workspace, { ...trigger, action: 'constructor' })).toMatchObject(
      unknown,
    )
    expect(await resolveAction(registryOf(refund), workspace, { ...trigger, digest: 'd' })).toMatchObject(unknown)
  })

  it('is one of several by its digest only', async () => {
    const registry = registryOf(refund, { ...refund, risk: 'critical' })
    expect(await resolveAction(registry, workspace, trigger)).toMatchObject({ code: 'ACTION_AMBIGUOUS' })
    const { digest } = specifyAction('refund.create', { ...refund, risk: 'critical' })
    const resolution = await resolveAction(registry, workspace, { ...trigger, digest })
    expect(resolution).toMatchObject({ status: 'resolved', action: { risk: 'critical' } })
  })

  it('has no args where they are not valid, or where the caller says so', async () => {
    const invalid = { status: 'unresolved', code: 'ARGS_INVALID' }
    const wrong = await resolveAction(registryOf(refund), workspace, { ...trigger, args: { cents: 'many' } })
    expect(wrong).toMatchObject(invalid)
    const told = await resolveAction(registryOf(refund), workspace, { ...trigger, argsProblems: ['args.cents: odd'] })
    expect(told).toMatchObject(invalid)
  })

  it('says which action it is about, and what is wrong with each argument', async () => {
    const reasonOf = async (registry: Parameters<typeof resolveAction>[0], asked: Trigger): Promise<string> => {
      const resolution = await resolveAction(registry, workspace, asked)
      return resolution.status === 'unresolved' ? resolution.reason : ''
    }
    expect(await reasonOf(registryOf(), trigger)).toContain('"refund.create" is not registered')
    expect(await reasonOf(registryOf(refund, { ...refund, risk: 'critical' }), trigger)).toContain('"refund.create"')
    const argsProblems = ['args.cents: odd', 'args.note: long']
    expect(await reasonOf(registryOf(refund), { ...trigger, argsProblems })).toBe(
      'The arguments of "refund.create" are not valid: args.cents: odd; args.note: long.',
    )
  })

  it('takes no mask for a hidden value', async () => {
    const hidden = { properties: { iban: { type: 'string', sensitive: true } } }
    const registry = registryOf({ args: { type: 'object', ...hidden } })
    const resolve = (iban: string) => resolveAction(registry, workspace, { ...trigger, args: { iban } })
    expect(await resolve('[redacted]')).toMatchObject({ status: 'unresolved', code: 'ARGS_INVALID' })
    expect(await resolve('DE00')).toMatchObject({ status: 'resolved' })
  })

  it('is asked for only where there is one', () => {
    expect(() => assertResolved(null)).toThrow(/without an action/)
    expect(() => assertResolved({ status: 'unresolved', code: 'ACTION_UNKNOWN', reason: '' })).toThrow(
      /without an action/,
    )
  })
})
