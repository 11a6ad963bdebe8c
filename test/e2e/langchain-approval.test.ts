import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { useExample } from './run-example.ts'

const runExample = useExample('langchain-approval')
const TIMEOUT_MS = 180_000

describe('the example of an approval', () => {
  it(
    verifies(['LC-19', 'I-4'], 'outlives the death of the agent and of the control plane, and runs once'),
    async () => {
      const { document, folder } = await runExample()
      const refund = { order: '7', cents: 500 }
      expect(document).toMatchObject({
        paused: { state: 'paused', proposal: expect.stringMatching(/^prp_/), args: refund },
        first: { state: 'done', answer: 'Done: Refunded 500 cents of order 7.' },
        second: { state: 'done' },
        state: 'succeeded',
      })
      const effects = readFileSync(join(folder, 'effects.jsonl'), 'utf8')
      expect(effects).toBe(`${JSON.stringify(refund)}\n`)
    },
    TIMEOUT_MS,
  )
})
