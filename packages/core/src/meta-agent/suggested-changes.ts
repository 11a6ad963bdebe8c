import type { ArgChange, JsonObject } from '@preceptor/client'
import { REDACTED } from '../journal/redact-text.ts'
import type { BoundProposal } from '../proposals/approval-store.ts'
import { visibleChanges } from '../proposals/hidden-args.ts'
import type { Gate } from '../routing/gate.ts'
import { schemaValidator } from '../training/schema-validator.ts'

/** What a review may suggest, or why it may not. */
export type SuggestedChanges =
  | { readonly result: 'taken'; readonly changes: readonly ArgChange[] }
  | { readonly result: 'refused'; readonly reason: string }

/**
 * What must be changed for the suggested args, as the action takes them. Hidden values are no matter of a suggestion:
 * who makes it has not seen them, and who reads it would not.
 */
export async function suggestedChanges(
  gate: Pick<Gate, 'registry'>,
  {
    workspace,
    proposal,
    schema,
  }: {
    readonly workspace: string
    readonly proposal: BoundProposal
    /** The JSON Schema of the args in the catalogue; null when the action takes any object. */
    readonly schema: JsonObject | null
  },
  suggested: JsonObject,
): Promise<SuggestedChanges> {
  const { sensitive, action, digest } = proposal
  const known = gate.registry.find(workspace, action, digest)
  const args = known.found === 'one' ? await parsed(known.action.validate, suggested) : byCatalogue(schema, suggested)
  if (args === undefined) return refused('the action does not take it')
  const changes = visibleChanges(proposal, { args, sensitive })
  // Of a hidden value it would be told only that it differs.
  if (JSON.stringify(changes).includes(JSON.stringify(REDACTED))) return refused('it touches hidden values')
  return changes.length === 0 ? refused('it changes nothing') : { result: 'taken', changes }
}

type Validate = (args: JsonObject) => ValidateResult | Promise<ValidateResult>
type ValidateResult = { readonly valid: true; readonly args: JsonObject } | { readonly valid: false }

/** Code of the host validates: whatever it throws is no yes. */
async function parsed(validate: Validate, args: JsonObject): Promise<JsonObject | undefined> {
  try {
    const result = await validate(args)
    return result.valid ? result.args : undefined
  } catch {
    return undefined
  }
}

function byCatalogue(schema: JsonObject | null, args: JsonObject): JsonObject | undefined {
  if (schema === null) return args
  try {
    return schemaValidator(schema)(args).length === 0 ? args : undefined
  } catch {
    return undefined
  }
}

function refused(why: string): SuggestedChanges {
  return { result: 'refused', reason: `What it suggested cannot be offered: ${why}.` }
}
