import type { Trigger } from '@preceptor/client'
import { GovernanceError } from '@preceptor/client'
import type { ActionRegistry } from '../actions/action-registry.ts'
import type { ActionSpecification, ArgsResult } from '../actions/registered-action.ts'
import { hiddenValues, hideValues } from '../journal/hide-values.ts'
import { holdsMask } from '../journal/mask-sensitive.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import type { ActionResolution } from './attempt.ts'

/** Finds the registered action of a trigger and parses its args. */
export function resolveAction(
  registry: ActionRegistry,
  workspace: string,
  trigger: Trigger,
): ActionResolution | Promise<ActionResolution> {
  const known = lookUp(registry, workspace, trigger)
  if ('status' in known) return known
  const { action } = known
  if (trigger.argsProblems !== undefined) {
    return resolved(action, trigger, { valid: false, problems: trigger.argsProblems })
  }
  const result = action.validate(trigger.args)
  // Schemas are mostly synchronous; the quick path of a safe action then waits for nothing.
  return result instanceof Promise
    ? result.then((settled) => resolved(action, trigger, settled))
    : resolved(action, trigger, result)
}

/** Finds the registered action of a trigger; its args are taken as they are. */
export function resolveName(registry: ActionRegistry, workspace: string, trigger: Trigger): ActionResolution {
  const known = lookUp(registry, workspace, trigger)
  if ('status' in known) return known
  return { status: 'resolved', action: known.action, args: trigger.args, argsHash: hashCanonical(trigger.args) }
}

function lookUp(
  registry: ActionRegistry,
  workspace: string,
  trigger: Trigger,
): { readonly action: ActionSpecification } | Extract<ActionResolution, { status: 'unresolved' }> {
  const lookup = registry.find(workspace, trigger.action, trigger.digest)
  switch (lookup.found) {
    case 'none':
      return unresolved(
        'ACTION_UNKNOWN',
        `The action ${JSON.stringify(trigger.action)} is not registered; registerActions() or defineActions() registers it.`,
      )
    case 'several':
      return unresolved(
        'ACTION_AMBIGUOUS',
        `The action "${trigger.action}" is registered with several definitions; the trigger must state the digest of one.`,
      )
    case 'one':
      return { action: lookup.action }
    default:
      return lookup satisfies never
  }
}

function resolved(action: ActionSpecification, trigger: Trigger, result: ArgsResult): ActionResolution {
  if (!result.valid) {
    // A schema of the host may say what it found, and the reason is read by more people than the args are.
    const hidden = hiddenValues({ args: trigger.args, sensitive: action.sensitivePaths })
    const problems = hideValues(result.problems.join('; '), hidden)
    return unresolved('ARGS_INVALID', `The arguments of "${action.name}" are not valid: ${problems}.`)
  }
  // Who is shown a mask may send it back: it is never a value to act with.
  if (holdsMask(result.args, action.sensitivePaths)) {
    return unresolved(
      'ARGS_INVALID',
      `The arguments of "${action.name}" hold the mask of a hidden value, not the value.`,
    )
  }
  return { status: 'resolved', action, args: result.args, argsHash: hashCanonical(result.args) }
}

function unresolved(
  code: 'ACTION_UNKNOWN' | 'ACTION_AMBIGUOUS' | 'ARGS_INVALID',
  reason: string,
): Extract<ActionResolution, { status: 'unresolved' }> {
  return { status: 'unresolved', code, reason }
}

/** The args of a resolved attempt. @throws GovernanceError `INTERNAL` when there are none. */
export function assertResolved(resolution: ActionResolution | null): Extract<ActionResolution, { status: 'resolved' }> {
  if (resolution?.status === 'resolved') return resolution
  throw new GovernanceError('INTERNAL', { message: 'An attempt without an action reached a place that needs one.' })
}
