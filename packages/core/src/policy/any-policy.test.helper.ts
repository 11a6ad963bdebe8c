import type { JsonObject } from '@preceptor/client'
import { MATURITIES, RISKS } from '@preceptor/client'
import fc from 'fast-check'

const matrix = fc.constantFrom('strict', 'graduated')
const scope = fc.constantFrom('agent', 'target', 'workspace')
const per = fc.constantFrom('minute', 'hour', 'day')
/** Few enough that two policies name the same. */
const name = fc.constantFrom('refund', 'refund.create', 'note.write', 'constructor', 'no', 'große Zahlung')
const whole = fc.constantFrom(0, 1, 5, 1_000_000)

function some<T>(
  model: { [Key in keyof T]: fc.Arbitrary<T[Key]> },
  ...required: (keyof T)[]
): fc.Arbitrary<JsonObject> {
  // Of generated JSON, the keys that are left out are really out.
  return fc.record(model, { requiredKeys: required }) as unknown as fc.Arbitrary<JsonObject>
}

const rule = some({
  risk: fc.constantFrom(...RISKS),
  ceiling: fc.constantFrom(...MATURITIES),
  when: fc.constantFrom('args.cents < 3', 'args.cents < 5', 'source == "manual"'),
  requiredApprovals: fc.integer({ min: 1, max: 4 }),
  waitMs: fc.constantFrom(0, 1_000, 86_400_000),
})

const limit = some(
  {
    name,
    action: name,
    agents: fc.array(name, { minLength: 1, maxLength: 2 }),
    scope,
    per,
    most: whole,
    spend: fc.constant('cents'),
  },
  'name',
  'per',
  'most',
).chain((one) =>
  one.scope === 'target' ? fc.constantFrom(one, { ...one, target: 'iban' }) : fc.constant<JsonObject>(one),
)

/** A policy that the gate takes. */
export const anyPolicy: fc.Arbitrary<JsonObject> = some({
  matrix: some({ runs: matrix, actions: matrix }),
  actions: fc.dictionary(name, rule, { maxKeys: 3 }),
  shadow: fc.array(name, { maxLength: 3 }),
  limits: fc.uniqueArray(limit, { maxLength: 3, selector: (one) => one.name }),
  breaker: some({ failures: fc.integer({ min: 1, max: 9 }), per }, 'failures', 'per'),
  proposalTtlMs: fc.integer({ min: 1_000, max: 2_592_000_000 }),
  separationOfDuties: fc.boolean(),
  promotion: some({
    policy: fc.constantFrom('earned', 'bands'),
    onePerson: fc.boolean(),
    trust: fc.constantFrom('agent', 'capability'),
  }),
  review: some({
    automatic: fc.boolean(),
    sample: fc.double({ min: 0.05, max: 1, noNaN: true }),
    limits: fc.array(some({ action: name, per: scope, spend: fc.constant('cents'), most: whole }, 'per', 'most'), {
      maxLength: 2,
    }),
  }),
  supervision: some({ reviewers: fc.boolean() }),
})
