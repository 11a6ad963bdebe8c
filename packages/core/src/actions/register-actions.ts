import { GovernanceError, type RegisteredAction } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { ActionRegistry } from './action-registry.ts'
import { isStandardSchema } from './args-validator.ts'
import { laxerIn } from './laxer.ts'
import type { ActionSpecification, HostAction } from './registered-action.ts'
import { specifyAction } from './specify-action.ts'
import { findActions, insertAction } from './store.ts'

/**
 * Registers definitions in the catalogue of the workspace and in this process.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function registerActions(
  context: GovernorContext,
  registry: ActionRegistry,
  request: { readonly actor: Actor; readonly actions: Readonly<Record<string, HostAction>> },
): Promise<readonly RegisteredAction[]> {
  const { actor } = request
  // Without a credential the caller is the host process itself, which declares its own tools; over the wire it needs
  // the permission.
  if (actor.principal.credential !== undefined) authorize(actor, 'actions.register')
  const actions = Object.entries(request.actions).map(([name, definition]) => specifyOnce(name, definition))
  const isKnown = (action: ActionSpecification): boolean =>
    registry.find(actor.workspace, action.name, action.digest).found === 'one'
  // Adapters register on every run: what this process has registered before costs no statement.
  const unseen = actions.filter((action) => !isKnown(action))
  if (unseen.length > 0) await record(context, actor, unseen)
  for (const action of actions) registry.add(actor.workspace, action)
  return actions.map(({ name, digest }) => ({ name, digest }))
}

interface Specified {
  readonly name: string
  readonly definition: HostAction
  readonly action: ActionSpecification
}

const specified = new WeakMap<object, Specified>()

/** What was specified before, where nothing of it is another; JSON Schema is data that its maker may have changed since. */
function specifyOnce(name: string, definition: HostAction): ActionSpecification {
  const { args } = definition
  if (args === undefined || !isStandardSchema(args)) return specifyAction(name, definition)
  const known = specified.get(args)
  if (known?.name === name && haveSameFields(known.definition, definition)) return known.action
  const action = specifyAction(name, definition)
  specified.set(args, { name, definition: { ...definition }, action })
  return action
}

function haveSameFields(one: object, other: object): boolean {
  const keys = Object.keys(one)
  if (keys.length !== Object.keys(other).length) return false
  return keys.every((key) => Object.hasOwn(other, key) && Reflect.get(one, key) === Reflect.get(other, key))
}

async function record(context: GovernorContext, actor: Actor, actions: readonly ActionSpecification[]): Promise<void> {
  await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const registered = { by: actorName(actor), at: isoTime(context.clock.now()) }
    for (const action of actions) {
      if (!mayLoosen(actor)) await assertNotLaxer(tx, action)
      if (!(await insertAction(tx, action, registered))) continue
      await context.journal.append(tx, {
        kind: 'action.registered',
        subject: action.name,
        body: { actor: registered.by, digest: action.digest, risk: action.risk, capability: action.capability },
      })
    }
  })
}

/** The host declares its own tools and an administrator anything; who merely uses the gate must not open it further. */
function mayLoosen({ principal }: Actor): boolean {
  return principal.credential === undefined || (principal.kind === 'user' && principal.roles.includes('admin'))
}

async function assertNotLaxer(tx: Tx, action: ActionSpecification): Promise<void> {
  for (const known of await findActions(tx, action.name)) {
    const part = laxerIn(action, known)
    if (part === null) continue
    throw new GovernanceError('PERMISSION_DENIED', {
      message: `The action "${action.name}" is registered with a stricter ${part}; only an administrator may loosen it.`,
    })
  }
}
