import { createServer, type Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { governanceApi } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { build, type Rollup } from 'vite'
import { afterAll, beforeAll } from 'vitest'
import type { Stage } from './stage.ts'

const PACKAGE = new URL('../../packages/dashboard/', import.meta.url).pathname
// Beside the package, whose React it takes; it is written nowhere.
const PAGE = `${PACKAGE}host-page.js`

const PAGE_CODE = `
import { createElement as h, StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { connectGovernor } from '@preceptor/client'
import * as preceptor from '${PACKAGE}dist/react/index.js'
import '${PACKAGE}dist/react/style.css'

const { key, id, role, show, theme, ...props } = Object.fromEntries(new URLSearchParams(location.search))
const identity = { workspace: 'default', principal: { kind: 'user', id, roles: [role] } }
const scope = connectGovernor({ url: new URL('/api', location.href), token: key, allowPlainHttp: true }).as(identity)
const onOpen = (path) => { document.title = path }

function Shift() {
  const { presence, override, clearOverride } = preceptor.useUserActivity()
  return h('p', { id: 'shift' },
    h('output', null, presence === undefined ? 'unknown' : presence.state + (presence.override ? ' by hand' : '')),
    h('button', { onClick: () => override('away') }, 'Take a break'),
    h('button', { onClick: () => clearOverride() }, 'Come back'),
  )
}

function Agents() {
  const [agent, choose] = useState(props.agent)
  return h('div', null,
    h('button', { onClick: () => choose('other-bot') }, 'The other one'),
    h(preceptor.MaturityJourney, { onOpen, agent }),
  )
}

const Narrow = () => h('div', { style: { width: 340 } }, h(preceptor.SupervisionPanel, { onOpen, ...props }))

const PARTS = { Shift, Agents, Narrow, ...preceptor }
const parts = show.split(',').map((name, index) => h(PARTS[name], { key: index, onOpen, ...props }))
createRoot(document.getElementById('place')).render(
  h(StrictMode, null, h(preceptor.PreceptorProvider, { scope, identity, ...(theme ? { theme } : {}) }, parts)),
)
`

/** What a page says that minds nobody: of every element, of states, and of classes that are called as ours. */
const HOSTILE = `
* { letter-spacing: 2px; scroll-margin: 3px; text-shadow: 1px 1px red }
body { color: hotpink; font: italic 31px / 3 fantasy; text-transform: uppercase; text-align: center; word-spacing: 9px }
a, p, li, ul, ol, dl, dt, dd, h1, h2, h3, td, th, table, code, pre, figure, section, header, label, fieldset, legend, span {
  float: right; padding: 31px; margin: 31px; border: 7px dashed lime; background: red; color: red; display: inline-block }
button:hover, button:not(.x), input[type], select:not(:disabled), textarea, ::placeholder { padding: 31px; border-radius: 31px; border: 5px ridge red; font: 31px serif }
.panel, .card, .badge, .row, .page, .bar, .button, .line, .stack, .table, .chart, .tabs, .note, .small, .muted, .rows {
  display: none; opacity: .2; position: absolute; transform: rotate(9deg); filter: blur(4px); z-index: 9 }
a::after, h1::before, li::marker { content: 'of the host'; color: red }
svg, svg * { fill: lime; stroke: lime; stroke-width: 9px; opacity: .3 }
`

const html = (style: string): string => `<!doctype html><html lang="en"><head><title>Shop</title><style>
body > h1 { color: rgb(1, 2, 3); background: #fff } body > button { border: 3px dotted rgb(4, 5, 6) }</style>
<link rel="stylesheet" href="/host.css"><style>${style}</style></head>
<body><h1>The shop</h1><button>Of the shop</button><div id="place"></div><script type="module" src="/host.js"></script></body></html>`

/** A page of somebody else with components in it, as their bundler makes it. */
async function buildPage(): Promise<ReadonlyMap<string, string>> {
  const built = await build({
    root: PACKAGE,
    configFile: false,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      {
        name: 'host-page',
        resolveId: (id) => (id === PAGE ? id : null),
        load: (id) => (id === PAGE ? PAGE_CODE : null),
      },
    ],
    build: {
      write: false,
      rolldownOptions: { input: PAGE, output: { entryFileNames: 'host.js', assetFileNames: 'host.[ext]' } },
    },
  })
  const { output } = (Array.isArray(built) ? built[0] : built) as Rollup.RollupOutput
  return new Map(output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : String(file.source)]))
}

/** What stands on the page of the host, and who looks at it. */
export interface HostPageQuery {
  /**
   * Names of components, with commas between; `Shift` shows the presence, `Agents` changes the agent of its journey,
   * `Narrow` has the board in little room.
   */
  readonly show: string
  readonly id: 'ada' | 'ana' | 'ben' | 'vic'
  readonly role: 'admin' | 'supervisor' | 'viewer'
  readonly theme?: 'light' | 'dark'
  /** Where on the site it is; `/hostile` has styles that mind nobody. */
  readonly path?: string
  /** What the components are given. */
  readonly props?: Readonly<Record<string, string>>
}

/** A site of somebody else for the tests of a file. @returns addresses of its page */
export function useHostPage(stage: Stage): (query: HostPageQuery) => string {
  let server: Server
  let address = ''
  beforeAll(async () => {
    const files = await buildPage()
    const app = new Hono().route('/api', governanceApi(stage.test.governor))
    app.get('/*', (c) => {
      const file = files.get(c.req.path)
      if (file === undefined) return c.html(html(c.req.path === '/hostile' ? HOSTILE : ''))
      return c.body(file, 200, { 'content-type': c.req.path.endsWith('.css') ? 'text/css' : 'text/javascript' })
    })
    server = createAdaptorServer({ fetch: app.fetch, createServer }) as Server
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const place = server.address()
    address = typeof place === 'object' && place !== null ? `http://127.0.0.1:${place.port}` : ''
  }, 60_000)
  afterAll(async () => {
    await new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  })
  return ({ show, id, role, theme, path = '/orders', props = {} }) => {
    const query = { key: stage.keys[id], id, role, show, ...(theme === undefined ? {} : { theme }), ...props }
    return `${address}${path}?${new URLSearchParams(query)}`
  }
}

/** Evaluated in the page: how each element of ours looks, but for what depends on its width. */
export const LOOK = `[...document.querySelectorAll('.preceptor, .preceptor *')].map((element) => {
  const style = getComputedStyle(element)
  const names = ['display', 'position', 'float', 'color', 'background-color', 'font-size', 'font-style', 'font-family', 'line-height',
    'letter-spacing', 'word-spacing', 'text-transform', 'text-align', 'text-shadow', 'opacity', 'filter', 'transform', 'z-index',
    'padding-left', 'padding-top', 'margin-top', 'border-top-width', 'border-top-style', 'border-top-color', 'border-top-left-radius',
    'fill', 'stroke', 'stroke-width', 'scroll-margin-top']
  const isTimed = element.closest('.elapsed, [role="timer"]') !== null
  const added = ['::before', '::after', '::marker'].map((part) => getComputedStyle(element, part).content)
  const look = isTimed ? [] : names.map((name) => style.getPropertyValue(name))
  return element.tagName + '.' + element.getAttribute('class') + ' ' + [...look, ...added].join('; ')
})`
