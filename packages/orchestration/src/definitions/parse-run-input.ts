import { GovernanceError, type JsonObject } from '@preceptor/client'
import { assertJsonObject } from '@preceptor/core/plugin'
import type { WorkflowDefinition } from '../client/workflow-definition.ts'
import { inputContract } from './input-contract.ts'

/**
 * Reads the input of a run; without one it is an empty object.
 *
 * @throws GovernanceError `INPUT_INVALID` naming what the schema of the workflow does not take.
 */
export async function parseRunInput(definition: WorkflowDefinition, given: unknown = {}): Promise<JsonObject> {
  const input = assertJsonObject(given, { name: 'input' })
  const result = await inputContract(definition.input).validate(input)
  if (result.valid) return result.args
  throw new GovernanceError('INPUT_INVALID', {
    message: result.problems.map((problem) => problem.replace(/^args/, 'input')).join(' '),
  })
}
