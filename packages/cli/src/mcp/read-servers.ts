import { existsSync } from 'node:fs'
import type { UpstreamTarget } from '@preceptor/mcp-server'
import { readJson } from './catalogue-file.ts'
import type { ClientConfig } from './client-configs.ts'

/**
 * The servers that an assistant is told of; none where it has no configuration.
 *
 * @throws GovernanceError `OPTION_INVALID` for a file that cannot be read.
 */
export async function serversIn({ file, key }: ClientConfig): Promise<Readonly<Record<string, UpstreamTarget>>> {
  if (!existsSync(file)) return {}
  const { parseServers } = await import('@preceptor/mcp-server')
  return parseServers({ mcpServers: Object(await readJson(file))[key] ?? {} })
}
