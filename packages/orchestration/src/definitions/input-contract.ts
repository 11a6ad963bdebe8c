import type { JsonObject } from '@preceptor/client'
import { argsContract } from '@preceptor/core/plugin'

/** The validator of the input of a workflow; without a schema any object is taken. */
export function inputContract(schema: JsonObject | undefined): ReturnType<typeof argsContract> {
  // A copy, because the validator writes its notes into the schema.
  return argsContract('the workflow', schema === undefined ? undefined : structuredClone(schema))
}
