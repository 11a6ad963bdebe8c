import type { ArgCondition, Grant, GrantMatcher, JsonObject, JsonValue } from '@preceptor/client'
import type { ActionSpecification } from '../actions/registered-action.ts'
import { redact } from '../journal/redact.ts'
import { REDACTED, redactText } from '../journal/redact-text.ts'

/** A matcher for the journal: what the schema of the action marks as secret, or what looks like it, is left out. */
export function redactMatcher(matcher: GrantMatcher, action: ActionSpecification): JsonObject {
  const args = Object.entries(matcher.args).map(([name, condition]) => [
    redactText(name),
    Object.fromEntries(
      Object.entries(condition).map(([kind, value]: [string, JsonValue]) => [
        kind,
        redactValue({ name, value, action }),
      ]),
    ),
  ])
  const { resource = null } = matcher
  return { args: Object.fromEntries(args), resource: resource === null ? null : redactText(resource) }
}

function redactValue(input: {
  readonly name: string
  readonly value: JsonValue
  readonly action: ActionSpecification
}): JsonValue {
  const { name, value, action } = input
  if (Array.isArray(value)) return value.map((one: JsonValue) => redactValue({ ...input, value: one }))
  // Under its own name, by which the schema knows it.
  const [shown = REDACTED] = Object.values(redact({ [name]: value }, action) as JsonObject)
  return shown
}

const HIDDEN: ArgCondition = { equals: REDACTED }

/** A grant for those who may read it without values: which arguments it names, and how far it is used. */
export function withoutValues(grant: Grant): Grant {
  const { matcher, revokeReason } = grant
  return {
    ...grant,
    matcher: {
      args: Object.fromEntries(Object.keys(matcher.args).map((name) => [name, HIDDEN])),
      resource: (matcher.resource ?? null) === null ? null : REDACTED,
    },
    reason: REDACTED,
    revokeReason: revokeReason === null ? null : REDACTED,
  }
}
