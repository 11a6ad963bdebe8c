import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'
import { QuickestFirst } from './quickest-first.mjs'

// The tests of one part alone, named by whoever runs them.
const include = JSON.parse(process.env.MUTATION_TESTS ?? '[]')
// Each waits for longer than ten seconds, and nothing that others do not notice.
const SLOW = ['**/slow-statement.test.ts', '**/farming.test.ts']

export default defineConfig({
  ...base,
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    ...base.test,
    include,
    isolate: false,
    exclude: [...base.test.exclude, ...SLOW],
    sequence: { sequencer: QuickestFirst },
  },
})
