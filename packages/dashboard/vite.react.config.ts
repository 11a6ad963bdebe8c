import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig, esmExternalRequirePlugin, type Plugin } from 'vite'

// Said three times, the element of the provider outweighs a class, an element and a state of a style sheet of the host.
const HERE = ':scope:scope:scope'

/**
 * What the page of the host says of every element, or of a class that is called as one of ours, ends at the provider.
 * What drawings say by their attributes stays.
 */
const FRESH = [
  `${HERE}{all:initial}`,
  `${HERE} :where(:not(svg,svg *)){all:revert}`,
  `${HERE} :where(svg,svg *){all:revert-layer}`,
  ...['before', 'after', 'marker', 'placeholder'].map((part) => `${HERE} ::${part}{all:revert}`),
].join('')

/**
 * The style sheet for a page of somebody else: nothing of it reaches beyond the element of the provider, and little of
 * theirs into it. What the page of the dashboard says of the document is said of that element, and what it says of a narrow
 * window of a narrow place.
 */
const scoped: Plugin = {
  name: 'preceptor-scoped-styles',
  enforce: 'post',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue
      const css = String(file.source)
        .replace(/(^|[},;{\s])(?::root|html|body)(?=[\s,{:[.>+~])/g, '$1&')
        .replaceAll(/@media \((min|max)-width:/g, '@container preceptor ($1-width:')
      file.source = `@scope (.preceptor){${FRESH}${HERE}{${css}}}`
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
