import { type Schema, Validator } from '@cfworker/json-schema'
import { GovernanceError, type JsonObject, type JsonValue } from '@preceptor/client'

/** Tells what is wrong with a value; nothing when it fits. */
export type SchemaValidator = (value: JsonValue) => readonly string[]

const MOST_PROBLEMS = 4

/**
 * Makes the validator of a JSON Schema (draft 2020-12).
 *
 * @throws GovernanceError `INPUT_INVALID` when it is none.
 */
export function schemaValidator(schema: JsonObject): SchemaValidator {
  let validator: Validator
  try {
    validator = new Validator(schema as Schema, '2020-12', false)
    // A reference that leads nowhere shows only when it is followed.
    validator.validate({})
  } catch (cause) {
    throw new GovernanceError('INPUT_INVALID', { message: 'The schema of a scenario is not JSON Schema.', cause })
  }
  return (value) => {
    const { valid, errors } = validator.validate(value)
    if (valid) return []
    return errors.slice(0, MOST_PROBLEMS).map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`)
  }
}
