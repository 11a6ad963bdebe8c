// What a plugin is made of: the parts of core that it shares with the governor that it extends.

export type { AccessContext } from './access/access-context.ts'
export { type Actor, actorName } from './access/actor.ts'
export {
  type AuthorizationTarget,
  type Authorizer,
  agentFilter,
  authorize,
  createAuthorizer,
} from './access/authorize.ts'
export { parseInput } from './access/parse-input.ts'
export { parseReason } from './access/parse-reason.ts'
export { type Access, type Permission, type PermissionRow, readPermissions } from './access/permissions.ts'
export { personText } from './access/person-text.ts'
export { type Asker, type PresentAsker, presentAsker } from './access/present-asker.ts'
export { principalNamed } from './access/principal-named.ts'
export { recordNotFound } from './access/record-list-query.ts'
export { argsContract } from './actions/args-validator.ts'
export type { ActionSpecification, ArgsResult, HostAction } from './actions/registered-action.ts'
export { isCatalogued } from './actions/store.ts'
export { getAgent } from './agents/get-agent.ts'
export type { Migration } from './database/migrator.ts'
export { countOf, isoOf, isThere, rowOf, rowsOf } from './database/rows.ts'
export { inWorkspace, type TransactionScope, type Tx } from './database/transaction.ts'
export {
  type CompiledExpression,
  compileExpression,
  type ExpressionBudget,
  type ExpressionOptions,
  expressionBudget,
} from './expressions/compile-expression.ts'
export type { EventKind } from './journal/event-kinds.ts'
export { hiddenValues, hideValues } from './journal/hide-values.ts'
export type { JournalDraft } from './journal/journal-draft.ts'
export { redact } from './journal/redact.ts'
export type { SensitivePath } from './journal/redact-schema.ts'
export { REDACTED, redactText } from './journal/redact-text.ts'
export { canonicalJson, hashCanonical } from './kernel/canonical-json.ts'
export { type Clock, isoTime } from './kernel/clock.ts'
export { withDeadline } from './kernel/deadline.ts'
export type { IdPrefix, Ids } from './kernel/ids.ts'
export { assertJsonObject, type JsonBounds } from './kernel/json-guard.ts'
export { cursorTimePlace, decodeCursor, encodeCursor, pageOf, parseLimit, type TimePlace } from './kernel/pagination.ts'
export { storableText } from './kernel/storable-text.ts'
export { wilsonInterval } from './kernel/wilson-interval.ts'
export { askForJson, type JsonAnswer, type JsonQuestion } from './models/ask-for-json.ts'
export { type ChatMessage, type ChatModel, chatModelName } from './models/chat-model.ts'
export type { OutboundClient } from './outbound/outbound-client.ts'
export { headerProblem } from './outbound/outbound-headers.ts'
export {
  OUTBOUND_METHODS,
  type OutboundAnswer,
  type OutboundFailure,
  type OutboundMethod,
  type OutboundPost,
  type OutboundPostResult,
  type OutboundRequest,
  type OutboundResult,
} from './outbound/outbound-request.ts'
export { activeVersion } from './playbooks/active-version.ts'
export { deployVersion } from './playbooks/deploy-version.ts'
export { getVersion as playbookVersion } from './playbooks/get-version.ts'
export { recordPlaybookTest } from './playbooks/record-test.ts'
export { writeVersion } from './playbooks/write-version.ts'
export type { GovernorPlugin, OpenPlugin, PluginHost, PluginJob, PluginWork } from './plugins/plugin.ts'
export type { PluginGate, PluginGuardOptions } from './plugins/plugin-gate.ts'
export { takeBack as cancelProposalIn } from './proposals/cancel-proposal.ts'
export { dropEntry as cancelEntryIn } from './queue/cancel-entry.ts'
export { assertAgentActs } from './routing/assert-agent-acts.ts'
