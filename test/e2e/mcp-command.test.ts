import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, describe, expect, it } from 'vitest'
import { endProgram, makePlace, startProgram } from './demo-process.ts'

const BIN = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))
const TIMEOUT_MS = 120_000

const place = makePlace()
afterAll(() => place.remove())

describe('preceptor mcp', () => {
  it(
    'serves an assistant through the development server of its folder, and ends with it',
    async () => {
      const server = startProgram(place, { file: BIN, args: ['dev', '--port', '0'] })
      await server.waitFor(/^API\s+http:/m)
      const made = startProgram(place, { file: BIN, args: ['agents', 'register', 'bot'] })
      expect(await made.ended).toBe(0)
      const transport = new StdioClientTransport({
        command: process.execPath,
        args: [BIN, 'mcp'],
        cwd: place.folder,
        env: { PATH: process.env.PATH ?? '', HOME: place.home },
        stderr: 'pipe',
      })
      const client = new Client({ name: 'assistant', version: '1.0.0' })
      // The transport reports a line that is no message of the protocol.
      const strays: Error[] = []
      client.onerror = (error) => strays.push(error)
      await client.connect(transport)
      const { tools } = await client.listTools()
      expect(tools.map(({ name }) => name)).toContain('list_agents')
      const { structuredContent } = await client.callTool({ name: 'list_agents', arguments: {} })
      expect(JSON.stringify(structuredContent)).toContain('"bot"')
      await client.close()
      expect(strays).toEqual([])
      expect(await endProgram(server, 'SIGTERM')).toBe(0)
    },
    TIMEOUT_MS,
  )

  it('says on standard error that no server runs', async () => {
    const program = startProgram(place, { file: BIN, args: ['mcp'] })
    expect(await program.ended).toBe(2)
    expect([program.stdout(), program.stderr()]).toEqual(['', expect.stringContaining('preceptor dev')])
  })
})
