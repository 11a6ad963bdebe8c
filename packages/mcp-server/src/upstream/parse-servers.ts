import { GovernanceError } from '@preceptor/client'
import { z } from 'zod'
import type { UpstreamTarget } from './upstream.ts'

const servers = z.object({
  mcpServers: z.record(
    z.string(),
    z.union([
      z.object({
        command: z.string().min(1),
        args: z.array(z.string()).exactOptional(),
        env: z.record(z.string(), z.string()).exactOptional(),
        cwd: z.string().exactOptional(),
      }),
      z.object({ url: z.url(), headers: z.record(z.string(), z.string()).exactOptional() }),
    ]),
  ),
})

/**
 * Reads servers as the files of assistants have them: `{ "mcpServers": { "files": { "command": "npx", "args": [] } } }`.
 *
 * @throws GovernanceError `OPTION_INVALID` naming what is wrong with it.
 */
export function parseServers(value: unknown): Readonly<Record<string, UpstreamTarget>> {
  const result = servers.safeParse(value)
  if (result.success) return result.data.mcpServers
  const [issue] = result.error.issues
  throw new GovernanceError('OPTION_INVALID', {
    message: `${issue?.path.map(String).join('.') || 'The servers'}: ${issue?.message}.`,
    hint: 'There must be "mcpServers", each with a command or a url.',
  })
}
