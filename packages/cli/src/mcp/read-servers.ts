import { readFile } from 'node:fs/promises'
import type { ClientConfig } from './client-configs.ts'
import { parseJsonWithComments } from './parse-json-with-comments.ts'
import { unreadable } from './read-json.ts'

/**
 * The servers that an assistant is told of, as its file has them; none where it has no file.
 *
 * @throws GovernanceError `OPTION_INVALID` for a file that cannot be read.
 */
export async function serversIn({
  file,
  key,
  hasComments,
}: ClientConfig): Promise<readonly (readonly [string, unknown])[]> {
  try {
    const text = await readFile(file, 'utf8')
    const servers: unknown = Object(hasComments ? parseJsonWithComments(text) : JSON.parse(text))[key]
    return Object.entries(Object(servers ?? {}))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
    throw unreadable(file, cause)
  }
}
