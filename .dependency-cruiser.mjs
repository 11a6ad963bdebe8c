// Who may import whom: rule numbers are those of ARCHITECTURE.md.
/** What plugins are made of. */
const PLUGIN_KITS = ['^packages/core/src/plugin\\.ts$', '^packages/hono-middleware/src/routes/plugin-routes\\.ts$']
const TEST = '\\.test\\.(ts|helper\\.ts)$'

/** The layers of core, lowest first; a layer imports itself and those below. Folders of one layer form no cycle. */
const LAYERS = [
  ['kernel'],
  ['errors', 'outbound', 'models'],
  ['database'],
  ['journal', 'context.ts', 'settings.ts'],
  ['access', 'agents', 'actions', 'policy'],
  ['maturity'],
  ['routing'],
  ['executions'],
  [
    'proposals',
    'grants',
    'training',
    'supervision',
    'presence',
    'queue',
    'playbooks',
    'alerts',
    'notifications',
    'channels',
    'escalations',
    'bypasses',
    'breaker',
    'analytics',
    'simulation',
  ],
  ['meta-agent'],
  ['review'],
  ['plugins'],
  ['jobs', 'remote'],
  ['governor.ts', 'governor-context.ts', 'open-jobs.ts', 'options.ts', 'plugin.ts', 'index.ts', 'testing'],
]

// The order of the levels is a word of the product, like those of the port; every layer may know it.
const VOCABULARY = '^packages/core/src/maturity/levels\\.ts$'

const inCore = (names) => `^packages/core/src/(${names.map((name) => name.replace('.', '\\.')).join('|')})(/|$)`

const layering = LAYERS.slice(0, -1).map((layer, index) => ({
  name: `core-${layer[0]}-imports-downwards`,
  comment: `${layer.join(', ')} must not know the layers above.`,
  severity: 'error',
  from: { path: inCore(layer), pathNot: TEST },
  to: { path: inCore(LAYERS.slice(index + 1).flat()), pathNot: VOCABULARY },
}))

/** An adapter knows the port and its framework; whatever it needs beside these is named here. */
const adapter = (name, allowed) => ({
  name: `${name}-knows-the-port-only`,
  comment: 'An adapter imports the port of @preceptor/client and its framework; core only in tests.',
  severity: 'error',
  from: { path: `^packages/${name}/src/`, pathNot: TEST },
  to: {
    pathNot: [`^packages/(${name}|client)/src/`, ...allowed.map((dependency) => `(^|/)node_modules/${dependency}/`)],
    dependencyTypesNot: ['core'],
    couldNotResolve: false,
  },
})

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Imports form no cycle, those of types included.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...layering,
    adapter('hono-middleware', ['hono', 'zod', 'nodemailer', 'prom-client']),
    {
      name: 'dashboard-serves-through-the-port',
      comment: 'The server side knows the port and the API; core only in tests.',
      severity: 'error',
      from: { path: '^packages/dashboard/src/', pathNot: [TEST, '^packages/dashboard/src/app/'] },
      to: { path: ['^packages/(?!dashboard/|client/|hono-middleware/)', '^packages/dashboard/src/app/'] },
    },
    {
      name: 'dashboard-page-knows-the-client-only',
      comment:
        'The page reaches the plane over HTTP, by the client and what plugins add to it; nothing of a server is bundled into it.',
      severity: 'error',
      from: { path: '^packages/dashboard/src/app/', pathNot: TEST },
      to: {
        path: '^packages/',
        pathNot: [
          '^packages/dashboard/src/app/',
          '^packages/client/src/',
          '^packages/(learning|orchestration)/src/client/',
        ],
      },
    },
    adapter('langchain-callback', ['langchain', '@langchain/core', '@langchain/langgraph']),
    adapter('mcp-server', ['@modelcontextprotocol/sdk', 'zod']),
    {
      name: 'client-stands-alone',
      comment: 'The port depends on nothing but the API of OpenTelemetry, which depends on nothing.',
      severity: 'error',
      from: { path: '^packages/client/src/', pathNot: TEST },
      to: { pathNot: ['^packages/client/src/', '(^|/)node_modules/@opentelemetry/api/'] },
    },
    {
      name: 'core-knows-no-framework',
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: TEST },
      to: {
        path: [
          '^packages/(?!core/|client/)',
          '(^|/)node_modules/(hono|@hono|langchain|@langchain|@modelcontextprotocol)/',
        ],
      },
    },
    {
      name: 'packages-meet-at-their-entries',
      comment: 'Another package is reached through its public names only.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: {
        path: '^packages/([^/]+)/',
        pathNot: [
          '^packages/$1/',
          '^packages/[^/]+/src/((testing|client|hono|channels|metrics|tracing)/)?index\\.ts$',
          ...PLUGIN_KITS,
        ],
      },
    },
    {
      name: 'testing-is-for-tests',
      comment: 'What is published for tests is used by tests only.',
      severity: 'error',
      from: { path: '^packages/', pathNot: [TEST, '^packages/core/src/testing/'] },
      to: { path: '^packages/core/src/testing/' },
    },
    {
      name: 'no-test-code-in-sources',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: TEST },
      to: { path: [TEST, '^test/', '^examples/'] },
    },
    {
      name: 'no-undeclared-dependency',
      comment: 'What is published needs only what its package.json declares.',
      severity: 'error',
      // What the page of the dashboard is made of is bundled into it.
      from: {
        path: '^packages/[^/]+/src/',
        pathNot: [TEST, '^packages/core/src/testing/', '^packages/dashboard/src/app/'],
      },
      to: {
        path: '(^|/)node_modules/',
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'undetermined'],
        dependencyTypesNot: ['npm', 'npm-peer'],
      },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@preceptor/source', 'types', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.d.ts'],
    },
  },
}
