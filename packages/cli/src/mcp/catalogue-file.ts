import { readFile } from 'node:fs/promises'
import { GovernanceError } from '@preceptor/client'
import type { Catalogue } from '@preceptor/mcp-server'

/**
 * Reads what people said of tools.
 *
 * @throws GovernanceError `OPTION_INVALID` for a file that is not there, or is none.
 */
export async function readCatalogue(path: string): Promise<Catalogue> {
  const { parseCatalogue } = await import('@preceptor/mcp-server')
  return parseCatalogue(await readJson(path))
}

/** @throws GovernanceError `OPTION_INVALID` */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new GovernanceError('OPTION_INVALID', { message: `${path} cannot be read: ${why}`, cause })
  }
}
