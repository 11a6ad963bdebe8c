import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig, esmExternalRequirePlugin, type Plugin } from 'vite'

/**
 * The style sheet for a page of somebody else: nothing of it reaches beyond the element of the provider. What the page of
 * the dashboard says of the document is said of that element.
 */
const scoped: Plugin = {
  name: 'preceptor-scoped-styles',
  enforce: 'post',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue
      const css = String(file.source)
        .replaceAll(':root', ':scope')
        .replace(/(^|[},])(?:html|body)(?=[,{])/g, '$1:scope')
      file.source = `@scope (.preceptor){${css}}`
    }
  },
}

const HOSTS = [/^react(-dom)?($|\/)/, /^@preceptor\/(client|learning\/client|orchestration\/client)$/]

// React is that of the host; so is the client, whose errors are told apart by it.
export default defineConfig({
  root: `${import.meta.dirname}/src/app`,
  resolve: { conditions: ['@preceptor/source', ...defaultClientConditions] },
  plugins: [
    react(),
    scoped,
    // Some of what is bundled asks for React by `require`, which a browser does not have.
    esmExternalRequirePlugin({ external: HOSTS }),
  ],
  build: {
    target: 'es2022',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    cssCodeSplit: false,
    lib: { entry: 'embed/index.ts', formats: ['es'], fileName: 'index', cssFileName: 'style' },
    rolldownOptions: {
      // No names of files that were bundled: they are nobody's business.
      experimental: { attachDebugInfo: 'none' },
      output: { chunkFileNames: '[name]-[hash].js' },
    },
  },
})
