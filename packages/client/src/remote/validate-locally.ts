import type { StandardIssue, StandardSchema } from '../port/standard-schema.ts'
import type { Trigger } from '../port/trigger.ts'
import { copyJsonObject } from './copy-json.ts'

const MOST_PROBLEMS = 8
const LONGEST_PROBLEM = 500

/**
 * Parses the args of a trigger by the schema of this process. What does not fit it is stated in the trigger, so that the
 * gate denies the attempt and keeps it on record.
 */
export async function validateLocally(trigger: Trigger, schema: StandardSchema | null): Promise<Trigger> {
  if (schema === null) return trigger
  const result = await schema['~standard'].validate(trigger.args)
  if (!result.issues) return { ...trigger, args: copyJsonObject(result.value, 'args') }
  const problems = result.issues.slice(0, MOST_PROBLEMS).map(textOf)
  return { ...trigger, argsProblems: problems.length === 0 ? ['args: not valid'] : problems }
}

function textOf({ message, path = [] }: StandardIssue): string {
  const place = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
  return `${place === '' ? 'args' : `args.${place}`}: ${message}`.slice(0, LONGEST_PROBLEM)
}
