import type { ActionDefinition, JsonObject, Maturity, Risk } from '@preceptor/client'
import type { SensitivePath } from '../journal/redact-schema.ts'

/** A declaration by the host or a plugin. */
export interface HostAction extends ActionDefinition {
  /**
   * It is a question to people and has no effect of its own: each attempt becomes a proposal, whatever its agent has earned,
   * and shows nothing of the agent. Default false.
   */
  readonly asksPeople?: boolean
}

/** An action as this process registered it: the declaration with its defaults, its digest, and its validator. */
export interface ActionSpecification {
  readonly name: string
  /** SHA-256 (hex) over everything below but the validator and the functions. */
  readonly digest: string
  readonly risk: Risk
  readonly capability: string
  readonly idempotent: boolean
  readonly ceiling: Maturity
  /** Whether it is a question to people: each attempt becomes a proposal, whoever makes it, and shows nothing of the agent. */
  readonly asksPeople: boolean
  readonly description: string | null
  /** JSON Schema of the args; null when the action takes any object. */
  readonly argsSchema: JsonObject | null
  /** Where the schema marks the args as sensitive. */
  readonly sensitivePaths: readonly SensitivePath[]
  /** Whether code of the host validates, which may ask for more than the schema says. */
  readonly isValidatedByCode: boolean
  readonly validate: ArgsValidator
  /** What a worker of this process runs once it is approved. */
  readonly execute: NonNullable<ActionDefinition['execute']> | null
  /** What says, and shows, to who decides what would happen. */
  readonly summary: NonNullable<ActionDefinition['summary']> | null
  readonly preview: NonNullable<ActionDefinition['preview']> | null
}

/** Gives the args as parsed, with defaults and coercions applied. */
export type ArgsValidator = (args: JsonObject) => ArgsResult | Promise<ArgsResult>

/** What a validator answers. */
export type ArgsResult =
  | { readonly valid: true; readonly args: JsonObject }
  | { readonly valid: false; readonly problems: readonly string[] }
