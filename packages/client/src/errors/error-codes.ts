/** What the product knows about one error code. */
export interface ErrorCodeEntry {
  /** HTTP status that the REST API answers with. */
  readonly status: number
  /** Whether the same call may succeed later without being changed. */
  readonly retryable: boolean
  /** One sentence: what happened. */
  readonly summary: string
  /** One sentence: what the reader should do. */
  readonly advice: string
}

/**
 * Every error and denial code of the product, with its HTTP status, whether a retry may help, and what to do.
 * `docs/errors.md` is generated from this table.
 */
export const ERROR_CODES = {
  // The caller
  PRINCIPAL_REQUIRED: entry(401, false, 'No verified credential came with the call.', 'Send an API key or a JWT as a bearer token.'),
  CREDENTIAL_INVALID: entry(401, false, 'The credential is unknown, malformed, expired or revoked.', 'Create a new key, or sign in again.'),
  PERMISSION_DENIED: entry(403, false, 'The principal may not perform this operation.', 'Ask an administrator of the workspace for the role or scope that the message names.'),
  AGENT_MISMATCH: entry(403, false, 'The named agent is not the agent of the credential.', 'Leave the agent out, or use the credential of that agent.'),
  SOURCE_MISMATCH: entry(403, false, 'The named trigger source is not the source of the credential.', 'Leave the source out: it is derived from the credential.'),
  WORKSPACE_UNKNOWN: entry(404, false, 'The workspace does not exist, or the principal is no member of it.', 'Check the workspace name and the credential.'),
  WORKSPACE_MISMATCH: entry(403, false, 'The named workspace is not the workspace of the credential.', 'Leave the workspace out, or use a credential of that workspace.'),

  // The input
  INPUT_INVALID: entry(400, false, 'The input does not have the expected form.', 'Correct the fields that the message names.'),
  OPTION_INVALID: entry(400, false, 'An option has a wrong value.', 'Correct the option that the message names.'),
  BODY_TOO_LARGE: entry(413, false, 'The request body is over 256 kB.', 'Send less, or send a reference to the data.'),
  BODY_TOO_DEEP: entry(400, false, 'The request body is nested deeper than 32 levels.', 'Flatten the body.'),
  BODY_NOT_JSON: entry(400, false, 'The request body is not valid JSON.', 'Send one JSON document with content-type application/json.'),
  NOT_FOUND: entry(404, false, 'The resource does not exist in this workspace.', 'Check the id.'),
  METHOD_NOT_ALLOWED: entry(405, false, 'The resource does not support this method.', 'See openapi.json for the methods of each path.'),
  CONFLICT: entry(409, false, 'The resource is not in the state that this change needs.', 'Read the resource again and decide from its present state.'),
  AGENT_EXISTS: entry(409, false, 'An agent with this id is already registered.', 'Choose another id, or change the registered agent.'),
  IDEMPOTENCY_KEY_REUSED: entry(422, false, 'The idempotency key was used before with other content.', 'Use a new key for a new attempt.'),
  IDEMPOTENCY_IN_FLIGHT: entry(409, true, 'A call with this idempotency key is still being answered.', 'Wait and repeat the call with the same key.'),
  IDEMPOTENCY_SECRET: entry(409, false, 'The first answer to this idempotency key held a secret, which is never stored.', 'Revoke what the first call created and create it again with a new key.'),
  RATE_LIMITED: entry(429, true, 'The caller sent too many requests.', 'Wait for the time that Retry-After names.'),

  // Why an action is denied
  STOPPED: entry(403, false, 'A kill switch is set for the agent, the workspace or everything.', 'A person with the right to lift stops must lift it, with a reason.'),
  AGENT_UNKNOWN: entry(403, false, 'The agent is not registered in this workspace.', 'Register it: governor.as(scope).agents.register({ id }).'),
  AGENT_PAUSED: entry(403, false, 'The agent is paused.', 'A person must resume it.'),
  AGENT_STOPPED: entry(403, false, 'The agent is stopped.', 'A person must resume it.'),
  AGENT_RETIRED: entry(403, false, 'The agent is retired and never runs again.', 'Use another agent.'),
  ACTION_UNKNOWN: entry(403, false, 'The action is not registered.', 'Register it with defineActions({ ... }), or give the tool to the adapter.'),
  ACTION_AMBIGUOUS: entry(403, false, 'The action name is registered twice, or was changed after registration.', 'Give every tool its own name and register it once.'),
  ARGS_INVALID: entry(400, false, 'The arguments do not fit the schema of the action.', 'Correct the arguments that the message names and try once more.'),
  SOURCE_UNKNOWN: entry(403, false, 'The trigger source is not registered.', 'Use manual, data_sync, workflow_engine or ai_coordinator, or register the source.'),
  TYPE_UNKNOWN: entry(403, false, 'The trigger type is not registered.', 'Use a known trigger type, or register it.'),
  DELEGATION_TOO_DEEP: entry(403, false, 'The delegation chain is longer than 5.', 'Let an agent nearer to the origin act.'),
  DELEGATION_CYCLE: entry(403, false, 'The delegation chain names an agent twice.', 'Remove the cycle.'),
  LIMIT_EXCEEDED: entry(429, true, 'A rate or spend limit of the policy is used up.', 'Wait for the window to pass, or have the limit raised.'),
  CONDITION_FAILED: entry(403, false, 'The condition of the policy for this action does not hold.', 'See the rule that the message names.'),
  CONDITION_INVALID: entry(400, false, 'The condition is not in the supported subset of CEL.', 'See docs: at most 512 characters, no nested comprehension, at most 64 literals.'),
  POLICY_INVALID: entry(400, false, 'The policy document is not valid.', 'Correct the fields that the message names.'),
  TRAINING_REQUIRED: entry(403, false, 'The agent is a student: the action was blocked and training was proposed.', 'Do not retry. A person decides on the training proposal.'),
  APPROVAL_REQUIRED: entry(202, false, 'The action needs the approval of a person; a proposal was created.', 'Do not retry. Continue with other work until the proposal is decided.'),
  SUPERVISOR_REQUIRED: entry(202, false, 'Nobody can watch the run now; it waits in the supervised queue.', 'Do not retry. It runs when a supervisor is available.'),
  PROVIDER_TOOL_REFUSED: entry(403, false, 'The tool runs at the model provider, where it cannot be gated.', 'Remove the tool, or name it in allowProviderTools.'),
  EXECUTION_IN_PROGRESS: entry(409, true, 'The same attempt is being executed now.', 'Wait for its outcome; it is not run a second time.'),
  EXECUTION_FENCED: entry(409, false, 'Another claimant took over this execution.', 'Discard the result: the newer claimant reports it.'),
  OUTCOME_UNKNOWN: entry(409, false, 'The earlier attempt started and never reported; whether it took effect is unknown.', 'A person must find out and resolve it.'),
  RUN_TERMINATED: entry(403, false, 'A supervisor terminated the run.', 'Do not retry. Read the reason that the supervisor gave.'),

  // Faults: each of them denies
  DEADLINE_EXCEEDED: entry(503, true, 'The decision was not reached within its deadline.', 'Retry later with the same idempotency key.'),
  STORE_UNAVAILABLE: entry(503, true, 'The database does not answer.', 'Check the database, then retry with the same idempotency key.'),
  STORE_READ_ONLY: entry(503, true, 'The database does not accept writes.', 'Make the database writable.'),
  JOURNAL_UNHEALTHY: entry(503, true, 'The journal could not be written, so nothing is allowed.', 'Check the database; the gate opens again when the journal is written.'),
  JOURNAL_BROKEN: entry(500, false, 'The journal does not verify.', 'Stop the agents, keep the database, and compare it with a backup.'),
  GOVERNOR_CLOSED: entry(503, false, 'The governor was closed.', 'Create a new governor.'),
  GOVERNOR_UNREACHABLE: entry(503, true, 'The governor did not answer.', 'Check its address and whether it runs.'),
  FACT_INVALID: entry(500, false, 'A stored fact has an impossible value.', 'Run `preceptor journal verify` and restore the record.'),
  INTERNAL: entry(500, true, 'Something failed that should not.', 'Report it with the trace id.'),

  // Set-up
  DATABASE_MISSING: entry(500, false, 'The database cannot be reached at the given address.', 'Start the server, or correct DATABASE_URL.'),
  DATABASE_OLDER: entry(500, false, 'The database schema is older than the code.', 'Run `preceptor db apply`, or open it with migrate: true.'),
  DATABASE_NEWER: entry(500, false, 'The database schema is newer than the code.', 'Use the newer release of the packages.'),
  DATABASE_CHANGED: entry(500, false, 'A migration that was applied differs from the one in the code.', 'Use the release that made the database.'),
  DATABASE_ROLE_UNSAFE: entry(500, false, 'The effective database role can read other workspaces.', 'Use a role without SUPERUSER, BYPASSRLS or ownership that can SET ROLE preceptor_app.'),
  DATA_FOLDER_LOCKED: entry(500, false, 'Another process has the data folder open.', 'Use that process over HTTP, stop it, or set DATABASE_URL.'),
  DATA_FOLDER_UNUSABLE: entry(500, false, 'The data folder cannot be created or written.', 'Correct its permissions or choose another folder.'),
  EMBEDDED_IN_PRODUCTION: entry(500, false, 'The embedded database is not for production.', 'Set DATABASE_URL, or allowEmbeddedInProduction: true.'),
  REDIS_UNAVAILABLE: entry(503, true, 'Redis does not answer.', 'Check REDIS_URL; nothing is lost meanwhile.'),
} as const satisfies Record<string, ErrorCodeEntry>

/** A code of the table `ERROR_CODES`. */
export type ErrorCode = keyof typeof ERROR_CODES

/** Tells whether a value from outside is a known code. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERROR_CODES, value)
}

function entry(status: number, retryable: boolean, summary: string, advice: string): ErrorCodeEntry {
  return { status, retryable, summary, advice }
}
