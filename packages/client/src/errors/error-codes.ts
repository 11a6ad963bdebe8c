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

const CODES = {
  // The caller
  PRINCIPAL_REQUIRED: {
    status: 401,
    retryable: false,
    summary: 'No verified credential came with the call.',
    advice: 'Send an API key or a JWT as a bearer token.',
  },
  CREDENTIAL_INVALID: {
    status: 401,
    retryable: false,
    summary: 'The credential is unknown, malformed, expired or revoked.',
    advice: 'Create a new key, or sign in again.',
  },
  IDENTITY_PROVIDER_UNAVAILABLE: {
    status: 503,
    retryable: true,
    summary: 'The keys of the token issuer cannot be had, so no token can be verified.',
    advice: 'Check the address of the key set and whether it answers within 2 s.',
  },
  PERMISSION_DENIED: {
    status: 403,
    retryable: false,
    summary: 'The principal may not perform this operation.',
    advice: 'Ask an administrator of the workspace for the role or scope that the message names.',
  },
  AGENT_MISMATCH: {
    status: 403,
    retryable: false,
    summary: 'The named agent is not the agent of the credential.',
    advice: 'Leave the agent out, or use the credential of that agent.',
  },
  SOURCE_MISMATCH: {
    status: 403,
    retryable: false,
    summary: 'The named trigger source is not the source of the credential.',
    advice: 'Leave the source out: it is derived from the credential.',
  },
  WORKSPACE_UNKNOWN: {
    status: 404,
    retryable: false,
    summary: 'The workspace does not exist, or the principal is no member of it.',
    advice: 'Check the workspace name and the credential.',
  },
  WORKSPACE_MISMATCH: {
    status: 403,
    retryable: false,
    summary: 'The named workspace is not the workspace of the credential.',
    advice: 'Leave the workspace out, or use a credential of that workspace.',
  },

  // The input
  INPUT_INVALID: {
    status: 400,
    retryable: false,
    summary: 'The input does not have the expected form.',
    advice: 'Correct the fields that the message names.',
  },
  OPTION_INVALID: {
    status: 400,
    retryable: false,
    summary: 'An option has a wrong value.',
    advice: 'Correct the option that the message names.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    retryable: false,
    summary: 'The request body is over 256 kB.',
    advice: 'Send less, or send a reference to the data.',
  },
  BODY_TOO_DEEP: {
    status: 400,
    retryable: false,
    summary: 'The request body is nested deeper than 32 levels.',
    advice: 'Flatten the body.',
  },
  BODY_NOT_JSON: {
    status: 400,
    retryable: false,
    summary: 'The request body is not valid JSON.',
    advice: 'Send one JSON document with content-type application/json.',
  },
  NOT_FOUND: {
    status: 404,
    retryable: false,
    summary: 'The resource does not exist in this workspace.',
    advice: 'Check the id.',
  },
  PLUGIN_MISSING: {
    status: 501,
    retryable: false,
    summary: 'The governor was opened without this plugin.',
    advice: 'Name the plugin in the option "plugins" of createGovernor.',
  },
  WORKFLOW_INVALID: {
    status: 422,
    retryable: false,
    summary: 'The definition of the workflow has mistakes.',
    advice: 'Mend what the details list, each with its path.',
  },
  WORKFLOW_REFUSED: {
    status: 409,
    retryable: false,
    summary: 'A step that the run could come to would be blocked or denied.',
    advice: 'Train the agents that the message names, or change the steps.',
  },
  WORKFLOW_TOO_LONG: {
    status: 409,
    retryable: false,
    summary: 'The run came to its steps more often than a run may.',
    advice: 'Look for a loop in the definition that nothing ends.',
  },
  NO_EXECUTOR: {
    status: 409,
    retryable: true,
    summary: 'The process that took the step has no executor of its action.',
    advice: 'Start a worker of a process that registers the action with an execute function.',
  },
  STEP_FAILED: {
    status: 502,
    retryable: false,
    summary: 'What the step ran reported a failure.',
    advice: 'Read the message, mend the cause, and replay the run from this step.',
  },
  STEP_TIMED_OUT: {
    status: 504,
    retryable: false,
    summary: 'The step ran longer than it may; whether it took effect is not known.',
    advice: 'Find out what happened before the run is replayed from this step.',
  },
  EXPRESSION_FAILED: {
    status: 422,
    retryable: false,
    summary: 'An expression of the definition could not be evaluated on what the run knows.',
    advice: 'Ask with has() for what may be missing, and look at the outputs of the steps before.',
  },
  SECRET_UNKNOWN: {
    status: 409,
    retryable: false,
    summary: 'The host keeps no secret of this name for this address.',
    advice: 'Name the secret and its origins in the options of the plugin.',
  },
  CONSENSUS_CLOSED: {
    status: 409,
    retryable: false,
    summary: 'The vote is over.',
    advice: 'Read the decision; a new question needs a new vote.',
  },
  VOTE_ALREADY_CAST: {
    status: 409,
    retryable: false,
    summary: 'This member has voted already.',
    advice: 'Each member votes once; ask for a new vote if that was a mistake.',
  },
  MEMBER_REQUIRED: {
    status: 403,
    retryable: false,
    summary: 'Only a member of the collaboration may do this.',
    advice: 'Ask who opened the collaboration to make you a member of the next one.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    retryable: false,
    summary: 'The resource does not support this method.',
    advice: 'See openapi.json for the methods of each path.',
  },
  CONFLICT: {
    status: 409,
    retryable: false,
    summary: 'The resource is not in the state that this change needs.',
    advice: 'Read the resource again and decide from its present state.',
  },
  AGENT_EXISTS: {
    status: 409,
    retryable: false,
    summary: 'An agent with this id is already registered.',
    advice: 'Choose another id, or change the registered agent.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    retryable: false,
    summary: 'The idempotency key was used before with other content.',
    advice: 'Use a new key for a new attempt.',
  },
  IDEMPOTENCY_IN_FLIGHT: {
    status: 409,
    retryable: true,
    summary: 'A call with this idempotency key is still being answered.',
    advice: 'Wait and repeat the call with the same key.',
  },
  IDEMPOTENCY_SECRET: {
    status: 409,
    retryable: false,
    summary: 'The first answer to this idempotency key held a secret, which is never stored.',
    advice: 'Revoke what the first call created and create it again with a new key.',
  },
  ORIGIN_REFUSED: {
    status: 403,
    retryable: false,
    summary: 'The request names a host or a web origin that this server does not answer.',
    advice: 'Call the server by its own name, or add the host or origin to the options of the server.',
  },
  RATE_LIMITED: {
    status: 429,
    retryable: true,
    summary: 'The caller sent too many requests.',
    advice: 'Wait for the time that Retry-After names.',
  },

  // Why an action is denied
  STOPPED: {
    status: 403,
    retryable: false,
    summary: 'A kill switch is set for the agent, the workspace or everything.',
    advice: 'A person with the right to lift stops must lift it, with a reason.',
  },
  AGENT_UNKNOWN: {
    status: 403,
    retryable: false,
    summary: 'The agent is not registered in this workspace.',
    advice: 'Register it: governor.as(scope).agents.register({ id }).',
  },
  AGENT_PAUSED: {
    status: 403,
    retryable: false,
    summary: 'The agent is paused.',
    advice: 'A person must resume it.',
  },
  AGENT_STOPPED: {
    status: 403,
    retryable: false,
    summary: 'The agent is stopped.',
    advice: 'A person must resume it.',
  },
  AGENT_RETIRED: {
    status: 403,
    retryable: false,
    summary: 'The agent is retired and never runs again.',
    advice: 'Use another agent.',
  },
  AGENT_CHANGED: {
    status: 403,
    retryable: false,
    summary: 'The agent was demoted or changed since the run was allowed.',
    advice: 'End the run; a new attempt is decided by what the agent is now.',
  },
  ACTION_UNKNOWN: {
    status: 403,
    retryable: false,
    summary: 'The action is not registered.',
    advice: 'Register it with defineActions({ ... }), or give the tool to the adapter.',
  },
  ACTION_AMBIGUOUS: {
    status: 403,
    retryable: false,
    summary: 'The action name is registered twice, or was changed after registration.',
    advice: 'Give every tool its own name and register it once.',
  },
  ARGS_INVALID: {
    status: 400,
    retryable: false,
    summary: 'The arguments do not fit the schema of the action.',
    advice: 'Correct the arguments that the message names and try once more.',
  },
  SOURCE_UNKNOWN: {
    status: 403,
    retryable: false,
    summary: 'The trigger source is not registered.',
    advice: 'Use manual, data_sync, workflow_engine or ai_coordinator, or register the source.',
  },
  TYPE_UNKNOWN: {
    status: 403,
    retryable: false,
    summary: 'The trigger type is not registered.',
    advice: 'Use a known trigger type, or register it.',
  },
  DELEGATION_TOO_DEEP: {
    status: 403,
    retryable: false,
    summary: 'The delegation chain is longer than 5.',
    advice: 'Let an agent nearer to the origin act.',
  },
  DELEGATION_CYCLE: {
    status: 403,
    retryable: false,
    summary: 'The delegation chain names an agent twice.',
    advice: 'Remove the cycle.',
  },
  LIMIT_EXCEEDED: {
    status: 429,
    retryable: true,
    summary: 'A rate or spend limit of the policy is used up.',
    advice: 'Wait for the window to pass, or have the limit raised.',
  },
  CONDITION_FAILED: {
    status: 403,
    retryable: false,
    summary: 'The condition of the policy for this action does not hold.',
    advice: 'See the rule that the message names.',
  },
  CONDITION_INVALID: {
    status: 400,
    retryable: false,
    summary: 'The condition is not in the supported subset of CEL.',
    advice: 'See docs: at most 512 characters, no nested comprehension, at most 64 literals.',
  },
  POLICY_INVALID: {
    status: 400,
    retryable: false,
    summary: 'The policy document is not valid.',
    advice: 'Correct the fields that the message names.',
  },
  TRAINING_REQUIRED: {
    status: 403,
    retryable: false,
    summary: 'The agent is a student: the action was blocked and training was proposed.',
    advice: 'Do not retry. A person decides on the training proposal.',
  },
  APPROVAL_REQUIRED: {
    status: 202,
    retryable: false,
    summary: 'The action needs the approval of a person; a proposal was created.',
    advice: 'Do not retry. Continue with other work until the proposal is decided.',
  },
  SUPERVISOR_REQUIRED: {
    status: 202,
    retryable: false,
    summary: 'Nobody can watch the run now; it waits in the supervised queue.',
    advice: 'Do not retry. It runs when a supervisor is available.',
  },
  PROVIDER_TOOL_REFUSED: {
    status: 403,
    retryable: false,
    summary: 'The tool runs at the model provider, where it cannot be gated.',
    advice: 'Remove the tool, or name it in allowProviderTools.',
  },
  EXECUTION_IN_PROGRESS: {
    status: 409,
    retryable: true,
    summary: 'The same attempt is being executed now.',
    advice: 'Wait for its outcome; it is not run a second time.',
  },
  ALREADY_EXECUTED: {
    status: 409,
    retryable: false,
    summary: 'The same attempt was executed before.',
    advice: 'Do not repeat it; use a new idempotency key for a new attempt.',
  },
  EXECUTION_FENCED: {
    status: 409,
    retryable: false,
    summary: 'Another claimant took over this execution.',
    advice: 'Discard the result: the newer claimant reports it.',
  },
  OUTCOME_UNKNOWN: {
    status: 409,
    retryable: false,
    summary: 'The earlier attempt started and never reported; whether it took effect is unknown.',
    advice: 'A person must find out and resolve it.',
  },
  GRANT_REFUSED: {
    status: 409,
    retryable: false,
    summary: 'The action of this agent cannot be approved ahead of time.',
    advice: 'Let people decide on each attempt; a grant is for what one approval lets run, never for critical risk.',
  },
  BYPASS_REFUSED: {
    status: 409,
    retryable: false,
    summary: 'An administrator with a hand in the agent may not set a bypass for it.',
    advice: 'Ask an administrator who neither owns nor owned the agent nor handed it over.',
  },
  PLAYBOOK_UNTESTED: {
    status: 409,
    retryable: false,
    summary: 'This version of the playbook has no test.',
    advice: 'Have it tested against the version in use, or deploy it with `force` and say why.',
  },
  PROPOSAL_DECIDED: {
    status: 409,
    retryable: false,
    summary: 'Somebody decided on this proposal first, or it has ended.',
    advice: 'Read the proposal: it says who decided and what.',
  },
  PROPOSAL_CHANGED: {
    status: 409,
    retryable: false,
    summary: 'The proposal has another version by now.',
    advice: 'Read the proposal again and decide on what it says now.',
  },
  PROPOSAL_REJECTED: {
    status: 403,
    retryable: false,
    summary: 'A reviewer rejected the action.',
    advice: 'Do not retry. Read why it was rejected.',
  },
  PROPOSAL_CANCELLED: {
    status: 403,
    retryable: false,
    summary: 'The proposal was cancelled.',
    advice: 'Attempt it anew if it is still wanted.',
  },
  PROPOSAL_RESPONDED: {
    status: 409,
    retryable: false,
    summary: 'A reviewer answered in the place of the action.',
    advice: 'Use the answer; the action will not run.',
  },
  PROPOSAL_EXPIRED: {
    status: 403,
    retryable: false,
    summary: 'Nobody decided on the proposal, or nobody ran it, in time.',
    advice: 'Attempt it anew if it is still wanted.',
  },
  QUEUE_ENTRY_EXPIRED: {
    status: 403,
    retryable: false,
    summary: 'Nobody could watch the run before its queue entry expired.',
    advice: 'Attempt it anew if it is still wanted.',
  },
  QUEUE_ENTRY_CANCELLED: {
    status: 403,
    retryable: false,
    summary: 'The queue entry of the run was cancelled.',
    advice: 'Attempt it anew if it is still wanted.',
  },
  QUEUE_ENTRY_FAILED: {
    status: 409,
    retryable: false,
    summary: 'The queued run was tried as often as it may be and did not succeed.',
    advice: 'Read the queue entry; attempt it anew once the cause is removed.',
  },
  ARGS_EDITED: {
    status: 409,
    retryable: false,
    summary: 'A reviewer approved the action with other arguments.',
    advice: 'Read the proposal and attempt the action with the arguments that were approved.',
  },
  PERMIT_REFUSED: {
    status: 403,
    retryable: false,
    summary: 'The approval is not for this caller, agent, action or these arguments, or it was used.',
    advice: 'Attempt exactly what was approved, as who asked for it.',
  },
  RUN_ABORTED: {
    status: 409,
    retryable: false,
    summary: 'The caller ended the run before it began.',
    advice: 'Nothing ran and nothing waits. Attempt it again if it is still wanted.',
  },
  STEP_OBJECTED: {
    status: 403,
    retryable: false,
    summary: 'A supervisor objected to the step before it began.',
    advice: 'Do not retry. Read what the supervisor says, and take another step.',
  },
  RUN_TERMINATED: {
    status: 403,
    retryable: false,
    summary: 'A supervisor terminated the run.',
    advice: 'Do not retry. Read the reason that the supervisor gave.',
  },

  // Faults: each of them denies
  DEADLINE_EXCEEDED: {
    status: 503,
    retryable: true,
    summary: 'The decision was not reached within its deadline.',
    advice: 'Retry later with the same idempotency key.',
  },
  STORE_UNAVAILABLE: {
    status: 503,
    retryable: true,
    summary: 'The database does not answer.',
    advice: 'Check the database, then retry with the same idempotency key.',
  },
  STORE_READ_ONLY: {
    status: 503,
    retryable: true,
    summary: 'The database does not accept writes.',
    advice: 'Make the database writable.',
  },
  JOURNAL_UNHEALTHY: {
    status: 503,
    retryable: true,
    summary: 'The journal could not be written, so nothing is allowed.',
    advice: 'Check the database; the gate opens again when the journal is written.',
  },
  JOURNAL_BROKEN: {
    status: 500,
    retryable: false,
    summary: 'The journal does not verify.',
    advice: 'Stop the agents, keep the database, and compare it with a backup.',
  },
  CHECKPOINTS_UNAVAILABLE: {
    status: 503,
    retryable: true,
    summary: 'The checkpoints of the journal cannot be read or written.',
    advice: 'Check the place outside the database where they are kept.',
  },
  UPSTREAM_UNAVAILABLE: {
    status: 503,
    retryable: true,
    summary: 'The server behind the proxy does not answer.',
    advice: 'Check that it starts, or that its address answers, then try again.',
  },
  GOVERNOR_CLOSED: {
    status: 503,
    retryable: false,
    summary: 'The governor was closed.',
    advice: 'Create a new governor.',
  },
  GOVERNOR_UNREACHABLE: {
    status: 503,
    retryable: true,
    summary: 'The governor did not answer.',
    advice: 'Check its address and whether it runs.',
  },
  GOVERNOR_ANSWER_INVALID: {
    status: 502,
    retryable: true,
    summary: 'What answered at the address of the governor is not understood.',
    advice: 'Check the address, what stands between, and that server and client are of one release.',
  },
  FACT_INVALID: {
    status: 500,
    retryable: false,
    summary: 'A stored fact has an impossible value.',
    advice: 'Run `preceptor db verify` and restore the record.',
  },
  INTERNAL: {
    status: 500,
    retryable: true,
    summary: 'Something failed that should not.',
    advice: 'Report it with the trace id.',
  },

  // Set-up
  DATABASE_MISSING: {
    status: 500,
    retryable: false,
    summary: 'The database cannot be reached at the given address.',
    advice: 'Start the server, or correct DATABASE_URL.',
  },
  DATABASE_OLDER: {
    status: 500,
    retryable: false,
    summary: 'The database schema is older than the code.',
    advice: 'Run `preceptor db apply`, or open it with migrate: true.',
  },
  DATABASE_NEWER: {
    status: 500,
    retryable: false,
    summary: 'The database schema is newer than the code.',
    advice: 'Use the newer release of the packages.',
  },
  DATABASE_CHANGED: {
    status: 500,
    retryable: false,
    summary: 'A migration that was applied differs from the one in the code.',
    advice: 'Use the release that made the database.',
  },
  DATABASE_ROLE_UNSAFE: {
    status: 500,
    retryable: false,
    summary: 'The effective database role can read other workspaces.',
    advice: 'Use a role without SUPERUSER, BYPASSRLS or ownership that can SET ROLE preceptor_app.',
  },
  DATA_FOLDER_LOCKED: {
    status: 500,
    retryable: false,
    summary: 'Another process has the data folder open.',
    advice: 'Use that process over HTTP, stop it, or set DATABASE_URL.',
  },
  DATA_FOLDER_UNUSABLE: {
    status: 500,
    retryable: false,
    summary: 'The data folder cannot be created or written.',
    advice: 'Correct its permissions or choose another folder.',
  },
  DEV_FILE_UNSAFE: {
    status: 500,
    retryable: false,
    summary: "The file that names the development server is not this user's alone.",
    advice: 'Remove it and start `preceptor dev` again, which writes it for you only.',
  },
  EMBEDDED_IN_PRODUCTION: {
    status: 500,
    retryable: false,
    summary: 'The embedded database is not for production.',
    advice: 'Set DATABASE_URL, or allowEmbeddedInProduction: true.',
  },
  REDIS_UNAVAILABLE: {
    status: 503,
    retryable: true,
    summary: 'Redis does not answer.',
    advice: 'Check REDIS_URL; nothing is lost meanwhile.',
  },
} as const

/** A code of the table `ERROR_CODES`. */
export type ErrorCode = keyof typeof CODES

/**
 * Every error and denial code of the product, with its HTTP status, whether a retry may help, and what to do.
 * `docs/errors.md` is generated from this table.
 */
export const ERROR_CODES: Readonly<Record<ErrorCode, ErrorCodeEntry>> = CODES

/** Tells whether a value from outside is a known code. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERROR_CODES, value)
}
