import type { JsonObject, JsonValue, Trigger } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hiddenValues, hideValues } from './journal/hide-values.ts'
import { maskArgs } from './journal/mask-sensitive.ts'
import { redact } from './journal/redact.ts'
import { sensitivePathsOf } from './journal/redact-schema.ts'
import { maskedPointers, visibleChanges } from './proposals/hidden-args.ts'
import { messagesOf, questionOf } from './review/review-question.ts'
import { decisionDraft } from './routing/journal-decision.ts'
import { deniedBeforeRuling } from './routing/make-decision.ts'
import { resolveAction } from './routing/resolve-action.ts'

const MARKS = [{ sensitive: true }, { writeOnly: true }, { 'x-sensitive': true }, { format: 'password' }] as const

/** A schema with a value that fits it; what it hides holds a canary in every leaf. */
interface Made {
  readonly schema: JsonObject
  readonly value: (isHidden: boolean) => JsonValue
}

const leaf = fc.tuple(fc.nat(999_999_999), fc.boolean()).map(
  ([nonce, isNumber]): Made => ({
    schema: { type: isNumber ? 'number' : 'string' },
    value: (isHidden) => {
      if (isNumber) return isHidden ? Number(`8675309${nonce}`) : 7
      return isHidden ? `canary"${nonce}` : 'plain'
    },
  }),
)
const name = fc.constantFrom('a', 'b', 'c/d', '~e', '__proto__', 'token-of-thanks')

const { node } = fc.letrec<{ node: Made }>((tie) => ({
  node: fc
    .tuple(
      fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        leaf,
        objectOf(tie('node')),
        listOf(tie('node')),
        mapOf(tie('node')),
      ),
      fc.constantFrom(null, null, null, ...MARKS),
      fc.constantFrom('plain', 'allOf', 'anyOf'),
    )
    .map(([made, mark, wrap]): Made => {
      const marked = mark === null ? made.schema : { ...made.schema, ...mark }
      const schema = wrap === 'plain' ? marked : { [wrap]: [marked] }
      return { schema, value: (isHidden) => made.value(isHidden || mark !== null) }
    }),
}))

function objectOf(inner: fc.Arbitrary<Made>): fc.Arbitrary<Made> {
  return fc.uniqueArray(fc.tuple(name, inner), { selector: ([key]) => key, maxLength: 3 }).map((properties) => ({
    schema: { type: 'object', properties: Object.fromEntries(properties.map(([key, { schema }]) => [key, schema])) },
    value: (isHidden) => Object.fromEntries(properties.map(([key, { value }]) => [key, value(isHidden)])),
  }))
}

function listOf(inner: fc.Arbitrary<Made>): fc.Arbitrary<Made> {
  return fc.tuple(inner, fc.nat(2)).map(([{ schema, value }, length]) => ({
    schema: { type: 'array', items: schema },
    value: (isHidden) => Array.from({ length }, () => value(isHidden)),
  }))
}

function mapOf(inner: fc.Arbitrary<Made>): fc.Arbitrary<Made> {
  return inner.map(({ schema, value }) => ({
    schema: { type: 'object', additionalProperties: schema },
    value: (isHidden) => ({ one: value(isHidden), two: value(isHidden) }),
  }))
}

const CANARY = /canary|8675309/

/** Everything that is made of args for somebody else than who runs them. */
function outputsOf(args: JsonObject, schema: JsonObject): Readonly<Record<string, unknown>> {
  const sensitive = sensitivePathsOf(schema)
  const stored = { args, sensitive }
  const changed = { args: { ...args, added: 'plain' }, sensitive }
  const body = draftOf({ args, schema }).body
  const question = questionOf({ proposal: proposalOf(stored), agent: AGENT, action: null, context: null }, null)
  const hidden = hiddenValues(stored)
  return {
    redacted: redact(args, { sensitivePaths: sensitive }),
    masked: maskArgs(args, sensitive),
    changes: [visibleChanges(stored, changed), visibleChanges({ args: {}, sensitive }, stored)],
    pointers: maskedPointers(stored),
    journal: body,
    webhook: redact(body),
    prompt: messagesOf(question, 'nonce'),
    error: hideValues(`It failed with ${JSON.stringify(args)}: ${leavesOf(args).join(' and ')}`, hidden),
    link: hideValues(`https://example.com/?q=${encodeURIComponent(leavesOf(args).join(' '))}`, hidden),
  }
}

const AGENT = { category: null, capabilities: [], maturity: 'intern' } as const
const proposalOf = (stored: Parameters<typeof hiddenValues>[0]) =>
  ({ action: 'act', risk: 'high', resource: null, actionHash: 'a'.repeat(64), ...stored }) as const

function leavesOf(value: JsonValue): readonly string[] {
  if (typeof value !== 'object' || value === null) return [String(value)]
  return Object.values(value).flatMap(leavesOf)
}

function draftOf({ args, schema }: { readonly args: JsonObject; readonly schema: JsonObject }) {
  const trigger: Trigger = { agent: 'bot', action: 'act', args }
  const actor = { workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] }, source: 'manual' } as const
  const [decidedAt, decisionId] = ['2030-01-01T00:00:00Z', 'dec_1']
  const attempt = { actor, trigger, keyed: false, idempotencyKey: 'k', decisionId, decidedAt, startedAt: 0 }
  const action = { name: 'act', sensitivePaths: sensitivePathsOf(schema), digest: 'd' } as unknown as Specification
  const resolution = { status: 'resolved', action, args, argsHash: 'h' } as const
  const denied = deniedBeforeRuling(attempt, { code: 'INTERNAL', reason: 'no' })
  return decisionDraft({ ...attempt, resolution }, denied, null)
}

type Specification = Extract<Awaited<ReturnType<typeof resolveAction>>, { readonly status: 'resolved' }>['action']

describe('what a schema hides', () => {
  it('stands in nothing that is made of the args, wherever it is and whatever it looks like [I-33]', () => {
    let looked = 0
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, node), { selector: ([key]) => key, minLength: 1, maxLength: 3 }),
        (top) => {
          const schema = {
            type: 'object',
            properties: Object.fromEntries(top.map(([key, made]) => [key, made.schema])),
          }
          const args = Object.fromEntries(top.map(([key, made]) => [key, made.value(false)]))
          if (CANARY.test(JSON.stringify(args))) looked += 1
          for (const [output, value] of Object.entries(outputsOf(args, schema))) {
            expect(JSON.stringify(value), output).not.toMatch(CANARY)
          }
        },
      ),
      { numRuns: 150 },
    )
    expect(looked).toBeGreaterThan(50)
  })

  it('is not named by what a schema says of it [I-33]', async () => {
    const sensitivePaths = [['pin']]
    const problems = ['args/pin: 8675309 is too much', 'args.pin: "canary" is no pin']
    const action = { name: 'act', sensitivePaths, validate: () => ({ valid: false, problems }) }
    const registry = { find: () => ({ found: 'one', action }) } as unknown as Parameters<typeof resolveAction>[0]
    for (const pin of [8_675_309, 'canary']) {
      const resolution = await resolveAction(registry, 'default', { agent: 'bot', action: 'act', args: { pin } })
      if (resolution.status !== 'unresolved') throw new Error('It was taken.')
      expect(resolution.reason).not.toContain(String(pin))
      expect(resolution.reason).toContain('is no pin')
    }
  })
})
