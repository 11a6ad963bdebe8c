import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { makePlace, type Place, startProgram } from './demo-process.ts'

const EXAMPLE = fileURLToPath(new URL('../../examples/dist/mcp-gateway/main.js', import.meta.url))
const TIMEOUT_MS = 180_000

const places: Place[] = []
afterEach(async () => {
  for (const place of places.splice(0)) await place.remove()
})

describe('the example of a gateway', () => {
  it(
    verifies(['MCP-1', 'MCP-7', 'MCP-23'], 'holds an agent of LangChain to its maturity'),
    async () => {
      const place = makePlace()
      places.push(place)
      const program = startProgram(place, { file: EXAMPLE, args: ['--json'] })
      const code = await program.ended
      expect(code, program.stderr()).toBe(0)
      expect(JSON.parse(program.stdout())).toMatchObject({
        proposal: { id: expect.stringMatching(/^prp_/), state: 'succeeded', again: expect.stringMatching(/^prp_/) },
        training: expect.stringContaining('training proposal'),
      })
      // The first file was removed, and its approval wrote it once only; the student wrote nothing.
      expect(readdirSync(join(place.folder, '.preceptor', 'mcp-gateway', 'files'))).toEqual(['done.txt'])
    },
    TIMEOUT_MS,
  )
})
