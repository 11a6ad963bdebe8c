import { type Decision, ERROR_CODES } from '@preceptor/client'

/** What a model does about a call that was not sent on. */
export function afterWithheld(decision: Decision): string {
  switch (decision.route) {
    case 'proposal':
      return 'Go on with other work. Once it is approved, call the same tool again with exactly the same arguments: it then runs, once.'
    case 'queue':
      return 'Nobody can watch it now. Go on with other work, and call the same tool again with the same arguments later.'
    case 'training':
      return 'Do not retry it: a person decides on the training that was proposed. Go on with other work.'
    case 'denied':
      return `Do not look for another way to the same effect. ${ERROR_CODES[decision.code].advice}`
    case 'execution':
    case 'supervision':
      return 'Call the same tool again with the same arguments.'
    default:
      return decision satisfies never
  }
}
