import type { PreviewBlock } from '../resources/proposal-card.ts'
import type { GuardCall } from './guard.ts'
import type { JsonObject } from './json.ts'
import type { StandardSchema } from './standard-schema.ts'
import type { Maturity, Risk } from './vocabulary.ts'

/** What code declares about an action; the policy of the workspace may only make it stricter. */
export interface ActionDefinition {
  /** Schema of the args: a Standard Schema, or JSON Schema (draft 2020-12). Without one any JSON object is taken. */
  readonly args?: StandardSchema | JsonObject
  /** Harm it can do; default `high`. */
  readonly risk?: Risk
  /** The skill that it exercises; default: the first segment of its name. */
  readonly capability?: string
  /** Running it twice has the effect of once; default false. */
  readonly idempotent?: boolean
  /** The highest maturity that counts for it; default `autonomous`. */
  readonly ceiling?: Maturity
  /**
   * Runs it once it is approved, where nobody waits for it: `decide` asked for it, and a worker of this process runs it.
   * What `guard` asked for is run by who asked. It stays in this process.
   */
  readonly execute?: (call: GuardCall) => unknown
  /**
   * Says in one line of at most 200 characters what would happen, for who decides. It gets the args as parsed, with what
   * the schema hides masked, stays in this process, and decides nothing: where it fails, the line is made of the args.
   */
  readonly summary?: (args: JsonObject) => string
  /**
   * Shows what would happen as at most 20 blocks of at most 16 kB each, for who decides; as `summary`. It runs while the
   * attempt is decided on, so it must be quick and must not wait.
   *
   * @example
   * ```ts
   * import type { ActionDefinition } from '@preceptor/client'
   *
   * export const refund: ActionDefinition = {
   *   preview: ({ cents }) => [{ kind: 'money', amount: Number(cents), currency: 'EUR', label: 'Refund' }],
   * }
   * ```
   */
  readonly preview?: (args: JsonObject) => readonly PreviewBlock[]
  /** One line for reviewers. */
  readonly description?: string
}

/** Actions by name. Names are case-sensitive: letters, digits, `.`, `_`, `-`, `:` and `/`, at most 128. */
export type ActionDefinitions = Readonly<Record<string, ActionDefinition>>

/** A definition in the catalogue of a workspace. */
export interface CataloguedAction extends RegisteredAction {
  readonly risk: Risk
  readonly capability: string
  readonly idempotent: boolean
  readonly ceiling: Maturity
  readonly description: string | null
  /** JSON Schema of the args; null when it takes any object. */
  readonly args: JsonObject | null
  /** Who registered it, such as `system:governor`. */
  readonly registeredBy: string
  readonly registeredAt: string
}

/** What the catalogue says of a registered action. */
export interface RegisteredAction {
  readonly name: string
  /** SHA-256 (hex) over name, schema, risk, capability, idempotence and ceiling. */
  readonly digest: string
}
