import { type ActionDefinition, GovernanceError } from '@preceptor/client'
import type { AccessContext } from '@preceptor/core/plugin'
import { apiCallSchema } from './api-call-args.ts'
import { previewOf, summaryOf } from './describe-api-call.ts'
import { keepSecrets, type WorkflowSecrets } from './secrets.ts'
import { sendApiCall } from './send-api-call.ts'

/** What calls to APIs are made with. */
export interface ApiActionOptions {
  readonly secrets?: WorkflowSecrets | undefined
  /** Seconds that one call may take, 1 to 86,400, also where its step may take longer; default 300. */
  readonly timeoutSeconds?: number | undefined
}

/** The actions by which workflows call APIs, and the methods of each. */
export const API_METHODS = {
  'http.read': ['GET', 'HEAD'],
  'http.replace': ['PUT', 'DELETE'],
  'http.send': ['POST', 'PATCH'],
} as const

/** The name of an action by which workflows call APIs. */
export type ApiActionName = keyof typeof API_METHODS

const DECLARED = {
  'http.read': { risk: 'medium', idempotent: true, description: 'Reads from an HTTP API.' },
  'http.replace': { risk: 'high', idempotent: true, description: 'Replaces or removes something by an HTTP API.' },
  'http.send': { risk: 'high', idempotent: false, description: 'Sends something to an HTTP API.' },
} as const

const TIMEOUT_SECONDS = 300
const MOST_SECONDS = 86_400

/**
 * Makes the actions by which workflows call APIs.
 *
 * @throws GovernanceError `OPTION_INVALID` for secrets that cannot be kept, and for a time that is none.
 */
export function apiActions(
  { outbound, clock }: Pick<AccessContext, 'outbound' | 'clock'>,
  { secrets, timeoutSeconds = TIMEOUT_SECONDS }: ApiActionOptions = {},
): Readonly<Record<ApiActionName, ActionDefinition>> {
  if (!(timeoutSeconds >= 1 && timeoutSeconds <= MOST_SECONDS)) {
    throw new GovernanceError('OPTION_INVALID', { message: `timeoutSeconds must be 1 to ${MOST_SECONDS}.` })
  }
  const ports = { outbound, clock, secrets: keepSecrets(secrets), timeoutMs: timeoutSeconds * 1_000 }
  const define = (name: ApiActionName): ActionDefinition => {
    const schema = apiCallSchema(API_METHODS[name], { hasBody: name !== 'http.read' })
    return {
      ...DECLARED[name],
      args: schema,
      summary: (args) => summaryOf(schema.parse(args)),
      preview: (args) => previewOf(schema.parse(args)),
      execute: (call) => sendApiCall(ports, call, schema.parse(call.args)),
    }
  }
  return { 'http.read': define('http.read'), 'http.replace': define('http.replace'), 'http.send': define('http.send') }
}

/** The action that a method belongs to: by RFC 9110, 9.2, those that are safe, and those that are idempotent. */
export function apiActionOf(method: (typeof API_METHODS)[ApiActionName][number]): ApiActionName {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return 'http.read'
    case 'PUT':
    case 'DELETE':
      return 'http.replace'
    default:
      return 'http.send'
  }
}
