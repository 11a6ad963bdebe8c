import { GovernanceError } from '../errors/governance-error.ts'
import type { ActionDefinition, ActionDefinitions, RegisteredAction } from '../port/action.ts'
import type { JsonObject, JsonValue } from '../port/json.ts'
import type { StandardSchema } from '../port/standard-schema.ts'
import type { Trigger } from '../port/trigger.ts'
import type { Call } from './caller.ts'
import { copyJsonObject } from './copy-json.ts'
import { describeSchema, isStandardSchema } from './describe-schema.ts'
import { answerInvalid, isJsonObject } from './read-answer.ts'

/** An action that this process registered at the gate. */
export interface LocalAction extends RegisteredAction {
  /** As it was told, to be told again to a gate that started anew. */
  readonly told: JsonObject
  readonly risk: ActionDefinition['risk']
  /** Null where the gate alone validates. */
  readonly schema: StandardSchema | null
}

/** The actions that this process registered, by workspace. */
export interface LocalActions {
  /** Registers what the gate was not told yet. */
  register(workspace: string, actions: ActionDefinitions, call: Call): Promise<readonly RegisteredAction[]>
  /** Tells the gate an action again; false when this process does not know it. */
  registerAgain(workspace: string, trigger: Trigger, call: Call): Promise<boolean>
  /** The action of a trigger, where this process registered it, and under one definition only. */
  find(workspace: string, trigger: Pick<Trigger, 'action' | 'digest'>): LocalAction | undefined
}

interface Known {
  /** Digests by what the gate was told. */
  readonly told: Map<string, string>
  /** Actions by name and digest. Maps: a name such as `constructor` must find nothing. */
  readonly named: Map<string, Map<string, LocalAction>>
}

/** Makes an empty register. */
export function createLocalActions(): LocalActions {
  const workspaces = new Map<string, Known>()

  function knownIn(workspace: string): Known {
    const known = workspaces.get(workspace) ?? { told: new Map(), named: new Map() }
    workspaces.set(workspace, known)
    return known
  }

  function find(workspace: string, { action, digest }: Pick<Trigger, 'action' | 'digest'>): LocalAction | undefined {
    const named = knownIn(workspace).named.get(action)
    if (named === undefined) return undefined
    if (digest !== undefined) return named.get(digest)
    return named.size === 1 ? named.values().next().value : undefined
  }

  return {
    async register(workspace, actions, call) {
      const known = knownIn(workspace)
      const stated = Object.entries(actions).map(([name, definition]) => ({ ...tell(name, definition), name }))
      // Adapters register on every run: what the gate was told before costs no request.
      const unseen = stated.filter(({ key }) => !known.told.has(key))
      const digests = unseen.length === 0 ? [] : await register(call, unseen)
      for (const [index, action] of unseen.entries()) {
        const digest = digests[index] ?? ''
        known.told.set(action.key, digest)
        const named = known.named.get(action.name) ?? new Map<string, LocalAction>()
        known.named.set(action.name, named.set(digest, { ...action, digest }))
      }
      return stated.map(({ key, name }) => ({ name, digest: known.told.get(key) ?? '' }))
    },
    async registerAgain(workspace, trigger, call) {
      const action = find(workspace, trigger)
      if (action === undefined) return false
      const [digest] = await register(call, [action])
      return digest === action.digest
    },
    find,
  }
}

interface Told extends Pick<LocalAction, 'told' | 'risk' | 'schema'> {
  /** The same for the same definition. */
  readonly key: string
}

function tell(name: string, { args, execute: _, summary: __, preview: ___, ...definition }: ActionDefinition): Told {
  const isStandard = args !== undefined && isStandardSchema(args)
  const given = Object.fromEntries(Object.entries(definition).filter(([, part]) => part !== undefined))
  const told = { ...copyJsonObject(given, name), ...(args === undefined ? {} : { args: schemaOf(name, args) }) }
  return { told, key: JSON.stringify([name, told]), risk: definition.risk, schema: isStandard ? args : null }
}

function schemaOf(name: string, args: NonNullable<ActionDefinition['args']>): JsonObject {
  try {
    return isStandardSchema(args) ? describeSchema(name, args) : copyJsonObject(args, `schema of ${name}`)
  } catch (cause) {
    throw new GovernanceError('INPUT_INVALID', {
      message: `The schema of action "${name}" cannot be written as JSON Schema.`,
      hint: 'Leave out transforms, dates and other parts that JSON cannot carry.',
      cause,
    })
  }
}

async function register(
  call: Call,
  actions: readonly { readonly name: string; readonly told: JsonObject }[],
): Promise<readonly string[]> {
  const body = { actions: Object.fromEntries(actions.map(({ name, told }) => [name, told])) }
  const answer = await call({ method: 'PUT', path: '/actions', body })
  const registered = isJsonObject(answer) && Array.isArray(answer.actions) ? answer.actions : []
  const digests = new Map(registered.map((action: JsonValue) => digestOf(action)))
  return actions.map(({ name }) => {
    const digest = digests.get(name)
    if (digest === undefined) throw answerInvalid(`it does not say how "${name.slice(0, 128)}" was registered`)
    return digest
  })
}

function digestOf(action: JsonValue): readonly [string, string] {
  if (isJsonObject(action) && typeof action.name === 'string' && typeof action.digest === 'string') {
    return [action.name, action.digest]
  }
  throw answerInvalid('it does not say how an action was registered')
}
