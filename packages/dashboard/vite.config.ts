import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

const BASE =
  /node_modules\/(react|react-dom|scheduler|@tanstack\/(?!react-virtual|virtual-core)[a-z-]+|intl-messageformat|@formatjs\/[a-z-]+|use-sync-external-store)\//

// The pages of an area come together, but for what reads their addresses: the router has that from the start.
const AREAS = ['settings', 'learning', 'agents', 'training', 'collaboration'].map((name) => ({
  name,
  test: new RegExp(`/src/app/${name}/(?!.*(?:-routes|-search|-sections)\\.ts$)`),
}))

// Relative addresses: the page works wherever a host mounts it. The port is bundled from its source, so that the order
// in which packages are built does not matter.
export default defineConfig({
  root: `${import.meta.dirname}/src/app`,
  base: './',
  resolve: {
    conditions: ['@preceptor/source', ...defaultClientConditions],
    alias: { '@opentelemetry/api': `${import.meta.dirname}/src/app/no-tracing.ts` },
  },
  plugins: [react()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          // What every page needs is one file: many small ones compress worse.
          groups: [{ name: 'base', test: BASE }, ...AREAS],
        },
      },
    },
  },
})
