import type { JsonObject } from '@preceptor/client'
import { policyJsonSchema } from '@preceptor/core'

/** The JSON Schema of a policy file: that of a policy, and the name by which a file says what its schema is. */
export function policyFileSchema(): JsonObject {
  const schema = policyJsonSchema()
  const properties = {
    $schema: { description: 'For the editor; no part of the policy.' },
    ...Object(schema.properties),
  }
  return { ...schema, properties }
}
