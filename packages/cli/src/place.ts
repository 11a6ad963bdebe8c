import { resolve } from 'node:path'
import type { DatabasePlace } from '@preceptor/core'
import type { CommandCall, Flag } from './command.ts'

/** Where the embedded database is unless another folder is named. */
export const DATA_FOLDER = '.preceptor'

/** The flag of every command that opens a database. */
export const PLACE_FLAGS: Readonly<Record<string, Flag>> = {
  'data-folder': {
    value: '<folder>',
    summary: `folder of the embedded database; default ${DATA_FOLDER}, unless DATABASE_URL is set`,
  },
}

/** Where the database is: the folder that was named, else DATABASE_URL, else the default folder. */
export function placeOf({ flags, host }: Pick<CommandCall, 'flags' | 'host'>): DatabasePlace {
  const folder = flags['data-folder']
  if (typeof folder === 'string') return { dataFolder: folder }
  const url = host.env.DATABASE_URL
  return url ? { database: url } : { dataFolder: DATA_FOLDER }
}

/** Names a place for people, without its password. */
export function describePlace({ database, dataFolder = DATA_FOLDER }: DatabasePlace): string {
  if (database === undefined) return `embedded, in ${resolve(dataFolder)}`
  try {
    const { host, pathname } = new URL(database)
    return `Postgres, ${host}${pathname}`
  } catch {
    return 'Postgres, at DATABASE_URL'
  }
}
