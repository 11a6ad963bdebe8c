import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { GovernanceError } from '@preceptor/client'
import type { ClientConfig } from './client-configs.ts'

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
  readonly isNew: boolean
}

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
  const before = await readConfig(file)
  const typed = Object.entries(servers).map(([name, entry]) => [
    name,
    key === 'servers' ? { type: 'stdio', ...entry } : entry,
  ])
  const inputs = secrets.flatMap(config.inputs)
  const after = {
    ...before,
    ...(inputs.length > 0 && { inputs: joined(before?.inputs, inputs) }),
    [key]: { ...Object(before?.[key]), ...Object.fromEntries(typed) },
  }
  return { file, text: `${JSON.stringify(after, null, 2)}\n`, isNew: before === undefined }
}

/** Writes it, whole or not at all. */
export async function writeConfig({ file, text }: ConfigChange): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const beside = `${file}.${process.pid}.new`
  await writeFile(beside, text, { mode: 0o600 })
  await rename(beside, file)
}

/** Undefined where there is none yet. */
async function readConfig(file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Told below.
  }
  throw new GovernanceError('OPTION_INVALID', {
    message: `${file} is no JSON object, so it is left as it is.`,
    hint: 'Run the command with --dry-run, and put what it prints into the file by hand.',
  })
}

function joined(before: unknown, inputs: readonly object[]): readonly unknown[] {
  const known: readonly unknown[] = Array.isArray(before) ? before : []
  const isThere = (input: object): boolean => known.some((one) => Object(one).id === Reflect.get(input, 'id'))
  return [...known, ...inputs.filter((input) => !isThere(input))]
}
