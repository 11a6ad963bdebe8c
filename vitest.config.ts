import { availableParallelism } from 'node:os'
import { defaultClientConditions, defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'
import { LINES_COVERED } from './test/setup/coverage.mjs'

const SOURCE = '@preceptor/source'
// Node does not know the condition `module`: what some packages name by it is for bundlers, and none that Node can load.
const NODE_CONDITIONS = defaultServerConditions.filter((name) => name !== 'module')

// Packages see each other's sources, so that the coverage of a test is that of the code as written.
export default defineConfig({
  resolve: { conditions: [SOURCE, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [SOURCE, ...NODE_CONDITIONS], externalConditions: [SOURCE] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['test/setup/global.ts', 'test/provide-memory-image.mjs'],
    setupFiles: ['test/setup/guards.ts', 'test/memory-image.mjs', 'test/governor-stores.mjs'],
    pool: 'forks',
    // The files of a worker share what they import: loading core anew for each of 560 files took most of the time. What a
    // file leaves open is found by the guards.
    isolate: false,
    // An embedded database takes about 0.9 GB, so the workers are bounded on large machines too.
    maxWorkers: Math.min(availableParallelism(), 4),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A condition that a test waits for ends the wait when it holds; a machine that does much else takes longer.
    expect: { poll: { timeout: 10_000 } },
    retry: 0,
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/index.ts'],
      reporter: ['json-summary'],
      reportsDirectory: 'coverage',
      reportOnFailure: true,
      thresholds: { lines: LINES_COVERED },
    },
  },
})
