import { connectGovernor, GovernanceError } from '@preceptor/client'
import { type CommandCall, type Flag, textOf } from './command.ts'
import type { Connected } from './connected.ts'
import { devFileOf, readDevFile } from './dev-file.ts'
import { openDirectly } from './open-directly.ts'
import { DATA_FOLDER } from './place.ts'

/** The flags of every command that talks to a server and to nothing else. */
export const SERVER_FLAGS: Readonly<Record<string, Flag>> = {
  url: {
    value: '<address>',
    summary: 'address of the API of a running server; default PRECEPTOR_URL, else that of "dev"',
  },
  'data-folder': { value: '<folder>', summary: `folder of a running "preceptor dev"; default ${DATA_FOLDER}` },
}

/** The flags of every command that talks to a server, or does the same in the database itself. */
export const CONNECTION_FLAGS: Readonly<Record<string, Flag>> = {
  ...SERVER_FLAGS,
  direct: { summary: 'without a server, in the database of DATABASE_URL, or in that of --data-folder' },
  in: {
    value: '<workspace>',
    summary: 'with --direct: which workspace; default that of PRECEPTOR_TOKEN, else default',
  },
}

/** A server that is to be asked. */
export interface Target {
  readonly url: string
  readonly token: string
}

/**
 * Connects to the server of a command line, or with `--direct` opens its database until the command ends.
 *
 * @throws GovernanceError `OPTION_INVALID` without an address or a key, `DEV_FILE_UNSAFE`, or the code of a fault.
 */
export function connect(call: Pick<CommandCall, 'flags' | 'host' | 'atEnd'>): Promise<Connected> {
  if (call.flags.direct === true) return openDirectly(call)
  if (textOf(call, 'in') === undefined) return connectToServer(call)
  throw missing('Option --in is for --direct.', 'Each key is of one workspace: use one of the other workspace.')
}

/**
 * Connects to the server of a command line.
 *
 * @throws GovernanceError `OPTION_INVALID` without an address or a key, `DEV_FILE_UNSAFE`, or the code of a fault.
 */
export async function connectToServer(call: Pick<CommandCall, 'flags' | 'host'>): Promise<Connected> {
  const target = await findTarget(call)
  const governor = connectGovernor(target)
  const identity = await governor.authenticate(target.token)
  return { governor, identity, scope: governor.as(identity, 'cli') }
}

/**
 * Finds address and key: those that were named, else those of the development server of the folder. A key is sent to
 * the address only that it was named with, so that neither a flag nor a file turns it elsewhere.
 *
 * @throws GovernanceError `OPTION_INVALID`, `DEV_FILE_UNSAFE`.
 */
export async function findTarget(call: Pick<CommandCall, 'flags' | 'host'>): Promise<Target> {
  const { PRECEPTOR_URL, PRECEPTOR_TOKEN } = call.host.env
  const named = textOf(call, 'url') ?? (PRECEPTOR_URL || undefined)
  if (named !== undefined && PRECEPTOR_TOKEN) return { url: named, token: PRECEPTOR_TOKEN }
  const server = await readDevFile(devFileOf(textOf(call, 'data-folder') ?? DATA_FOLDER))
  if (named !== undefined) {
    if (server !== undefined && isSame(server.url, named)) return server
    throw missing('A key is missing.', 'Set PRECEPTOR_TOKEN to an API key of that server.')
  }
  if (PRECEPTOR_TOKEN) {
    throw missing('PRECEPTOR_TOKEN is set, but no address.', 'Set PRECEPTOR_URL, or give --url.')
  }
  if (server !== undefined) return server
  throw missing(
    'No server is named, and none runs here.',
    'Start "preceptor dev", or set PRECEPTOR_URL and PRECEPTOR_TOKEN; --direct needs none, where a command has it.',
  )
}

function isSame(one: string, other: string): boolean {
  return one === other.replace(/\/+$/, '')
}

function missing(message: string, hint: string): GovernanceError {
  return new GovernanceError('OPTION_INVALID', { message, hint })
}
