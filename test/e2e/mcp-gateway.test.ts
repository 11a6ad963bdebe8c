import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { useExample } from './run-example.ts'

const runExample = useExample('mcp-gateway')
const TIMEOUT_MS = 180_000

describe('the example of a gateway', () => {
  it(
    verifies(['MCP-1', 'MCP-7', 'MCP-23'], 'holds an agent of LangChain to its maturity'),
    async () => {
      const { document, folder } = await runExample()
      expect(document).toMatchObject({
        proposal: { id: expect.stringMatching(/^prp_/), state: 'succeeded', again: expect.stringMatching(/^prp_/) },
        training: expect.stringContaining('training proposal'),
      })
      // The first file was removed, and its approval wrote it once only; the student wrote nothing.
      expect(readdirSync(join(folder, 'files'))).toEqual(['done.txt'])
    },
    TIMEOUT_MS,
  )
})
