import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'
import { QuickestFirst } from './quickest-first.mjs'

// The tests of one module alone, named by whoever runs them.
const include = JSON.parse(process.env.MUTATION_TESTS ?? '[]')

export default defineConfig({
  ...base,
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    ...base.test,
    include,
    isolate: false,
    sequence: { sequencer: QuickestFirst },
  },
})
