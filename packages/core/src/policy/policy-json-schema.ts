import type { JsonObject } from '@preceptor/client'
import { z } from 'zod'
import { POLICY_SHAPE } from './policy-shape.ts'

/**
 * The JSON Schema (draft 2020-12) of a policy document, by which editors complete and check it. It takes what the gate
 * takes but for two things that a schema cannot say: names of limits are unique, and conditions compile.
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs'
 * import { policyJsonSchema } from '@preceptor/core'
 *
 * writeFileSync('policy.schema.json', JSON.stringify(policyJsonSchema(), null, 2))
 * ```
 */
export function policyJsonSchema(): JsonObject {
  const { $schema, ...schema } = z.toJSONSchema(POLICY_SHAPE, {
    override({ jsonSchema, path }) {
      const place = path.join('.')
      if (place === 'properties.actions') {
        jsonSchema.propertyNames = { ...Object(jsonSchema.propertyNames), not: { const: '__proto__' } }
      }
      if (place === 'properties.limits.items') {
        // A target that nothing is counted by would be a limit that is not there.
        jsonSchema.dependentSchemas = { target: { required: ['scope'], properties: { scope: { const: 'target' } } } }
      }
    },
  })
  return JSON.parse(
    JSON.stringify({ $schema, title: 'Policy', description: 'The policy of a workspace.', ...schema }),
  ) as JsonObject
}
