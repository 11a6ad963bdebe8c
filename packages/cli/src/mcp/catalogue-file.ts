import type { Catalogue } from '@preceptor/mcp-server'
import { readJson } from './read-json.ts'

/**
 * Reads what people said of tools.
 *
 * @throws GovernanceError `OPTION_INVALID` for a file that is not there, or is none.
 */
export async function readCatalogue(path: string): Promise<Catalogue> {
  const { parseCatalogue } = await import('@preceptor/mcp-server')
  return parseCatalogue(await readJson(path))
}
