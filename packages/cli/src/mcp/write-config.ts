import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { GovernanceError } from '@preceptor/client'
import { rewriteFile } from '../replace-file.ts'
import type { ClientConfig } from './client-configs.ts'
import { withoutMark } from './parse-json-with-comments.ts'

/** A server as an assistant is told of it. */
export interface ServerEntry {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** What a configuration file becomes. */
export interface ConfigChange {
  readonly file: string
  readonly text: string
  readonly outcome: 'made' | 'changed' | 'unchanged'
}

type JsonRecord = Readonly<Record<string, unknown>>

/**
 * Puts servers into the configuration of an assistant; everything else in the file stays as it is.
 *
 * @throws GovernanceError `OPTION_INVALID` for a file that holds something else than a JSON object: it is not overwritten.
 */
export async function changeConfig(
  config: ClientConfig,
  servers: Readonly<Record<string, ServerEntry>>,
  secrets: readonly string[],
): Promise<ConfigChange> {
  const { file, key } = config
  const entries = Object.entries(servers).map(([name, entry]) => [
    name,
    key === 'servers' ? { type: 'stdio', ...entry } : entry,
  ])
  const added = { [key]: Object.fromEntries(entries) }
  const text = await readText(file)
  const before = text === undefined ? {} : parseConfig(text, { file, key, added })
  const inputs = secrets.flatMap(config.inputs)
  const after = {
    ...before,
    ...(inputs.length > 0 && { inputs: joined(before.inputs, inputs) }),
    [key]: { ...Object(before[key] ?? {}), ...added[key] },
  }
  if (text !== undefined && isDeepStrictEqual(before, after)) return { file, text, outcome: 'unchanged' }
  const indent = /^\s*\{\r?\n([ \t]+)/.exec(text ?? '')?.[1] ?? 2
  const outcome = text === undefined ? 'made' : 'changed'
  return { file, text: `${JSON.stringify(after, null, indent)}\n`, outcome }
}

/** Writes it, whole or not at all: a new file for its user only, because keys are kept in such files. */
export async function writeConfig({ file, text, outcome }: ConfigChange): Promise<void> {
  if (outcome === 'unchanged') return
  await mkdir(dirname(file), { recursive: true })
  await rewriteFile(file, text, 0o600)
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

function parseConfig(
  text: string,
  { file, key, added }: { readonly file: string; readonly key: string; readonly added: object },
): JsonRecord {
  const value = parsed(text)
  if (isRecord(value) && (value[key] === undefined || isRecord(value[key]))) return value
  throw new GovernanceError('OPTION_INVALID', {
    message: `${file} is no plain JSON of an assistant (comments would be lost), so it is left as it is.`,
    hint: `Put this into it by hand: ${JSON.stringify(added)}`,
  })
}

function parsed(text: string): unknown {
  try {
    // An empty file holds nothing that could be lost.
    return text.trim() === '' ? {} : JSON.parse(withoutMark(text))
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function joined(before: unknown, inputs: readonly object[]): readonly unknown[] {
  const known: readonly unknown[] = Array.isArray(before) ? before : []
  const isThere = (input: object): boolean => known.some((one) => Object(one).id === Reflect.get(input, 'id'))
  return [...known, ...inputs.filter((input) => !isThere(input))]
}
