import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

// Relative addresses: the page works wherever a host mounts it. The port is bundled from its source, so that the order
// in which packages are built does not matter.
export default defineConfig({
  root: `${import.meta.dirname}/src/app`,
  base: './',
  resolve: { conditions: ['@preceptor/source', ...defaultClientConditions] },
  plugins: [react()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
  },
})
