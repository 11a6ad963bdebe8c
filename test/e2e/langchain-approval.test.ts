import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { makePlace, type Place, startProgram } from './demo-process.ts'

const EXAMPLE = fileURLToPath(new URL('../../examples/dist/langchain-approval/main.js', import.meta.url))
const TIMEOUT_MS = 180_000

const places: Place[] = []
afterEach(async () => {
  for (const place of places.splice(0)) await place.remove()
})

describe('the example of an approval', () => {
  it(
    verifies(['LC-19', 'I-4'], 'outlives the death of the agent and of the control plane, and runs once'),
    async () => {
      const place = makePlace()
      places.push(place)
      const program = startProgram(place, { file: EXAMPLE, args: ['--json'] })
      const code = await program.ended
      expect(code, program.stderr()).toBe(0)
      const refund = { order: '7', cents: 500 }
      expect(JSON.parse(program.stdout())).toMatchObject({
        paused: { state: 'paused', proposal: expect.stringMatching(/^prp_/), args: refund },
        first: { state: 'done', answer: 'Done: Refunded 500 cents of order 7.' },
        second: { state: 'done' },
        state: 'succeeded',
      })
      const effects = readFileSync(join(place.folder, '.preceptor', 'langchain-approval', 'effects.jsonl'), 'utf8')
      expect(effects).toBe(`${JSON.stringify(refund)}\n`)
    },
    TIMEOUT_MS,
  )
})
