import type { JsonObject, PreviewBlock } from '@preceptor/client'
import type { ActionSpecification } from '../actions/registered-action.ts'
import type { GovernorContext } from '../context.ts'
import { maskArgs } from '../journal/mask-sensitive.ts'
import type { SensitivePath } from '../journal/redact-schema.ts'
import { redactText } from '../journal/redact-text.ts'
import { assertJsonObject } from '../kernel/json-guard.ts'
import { oneLine } from './generic-preview.ts'
import { joinPaths } from './hidden-args.ts'
import { parseBlocks } from './preview-blocks.ts'

/** What people are shown of a version, as it is stored with it. */
export interface VersionDescription {
  /** The line of the action; null where it has none, or gave none that can be used. */
  readonly summary: string | null
  /** The blocks of the action; `failed` where they could not be had, null where it has none. */
  readonly preview: readonly PreviewBlock[] | 'failed' | null
  /** Places of the args that are hidden. */
  readonly sensitive: readonly SensitivePath[]
}

type Described = Pick<ActionSpecification, 'name' | 'summary' | 'preview' | 'sensitivePaths'>

const LONGEST_SUMMARY = 200

/**
 * Lets an action describe what would happen with some args. It is code of the host, so it sees neither what the schema
 * hides nor anything that it could change, and whatever it does, the attempt is decided as it would be without it.
 */
export function describeVersion(
  { report }: Pick<GovernorContext, 'report'>,
  action: Described,
  version: { readonly args: JsonObject; readonly hidden?: readonly SensitivePath[] },
): VersionDescription {
  // What a version before this one hid stays hidden.
  const sensitive = joinPaths(action.sensitivePaths, version.hidden ?? [])
  const { summary, preview } = action
  if (summary === null && preview === null) return { summary: null, preview: null, sensitive }
  const shown = (): JsonObject => assertJsonObject(maskArgs(version.args, sensitive), { name: 'args' })
  const line = summary === null ? null : parseSummary(run(() => summary(shown())))
  const blocks = preview === null ? null : (parseBlocks(run(() => preview(shown()))) ?? 'failed')
  const isBroken = line === undefined || blocks === 'failed'
  if (isBroken) {
    const message = `The summary or preview of ${action.name} failed, or gave what is none: reviewers see its args instead.`
    report({ level: 'warn', code: 'NOTICE', message })
  }
  return { summary: line ?? null, preview: line === undefined ? 'failed' : blocks, sensitive }
}

/** Undefined for whatever it throws. */
function run(describe: () => unknown): unknown {
  try {
    const given = describe()
    // Nobody waits for it, so nobody would hear of its failure either.
    if (given instanceof Promise) given.catch(() => undefined)
    return given
  } catch {
    return undefined
  }
}

function parseSummary(given: unknown): string | undefined {
  if (typeof given !== 'string') return undefined
  const line = oneLine(redactText(given))
  return line.length >= 1 && line.length <= LONGEST_SUMMARY ? line : undefined
}
