import { createServer, type Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { governanceApi } from '@preceptor/hono-middleware'
import { describeWithChromium } from '@preceptor/test-setup'
import { Hono } from 'hono'
import { build, type Rollup } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { useBrowser } from './browser.ts'
import { useStage } from './stage.ts'

const PACKAGE = new URL('../../packages/dashboard/', import.meta.url).pathname
// Beside the package, whose React it takes; it is written nowhere.
const PAGE = `${PACKAGE}host-page.js`

const PAGE_CODE = `
import { createElement as h } from 'react'
import { createRoot } from 'react-dom/client'
import { connectGovernor } from '@preceptor/client'
import { ApprovalInbox, PreceptorProvider } from '${PACKAGE}dist/react/index.js'
import '${PACKAGE}dist/react/style.css'

const { key, id, role, proposal } = Object.fromEntries(new URLSearchParams(location.search))
const identity = { workspace: 'default', principal: { kind: 'user', id, roles: [role] } }
const scope = connectGovernor({ url: new URL('/api', location.href), token: key, allowPlainHttp: true }).as(identity)
const onOpen = (path) => { document.title = path }
createRoot(document.getElementById('place')).render(
  h(PreceptorProvider, { scope, identity }, h(ApprovalInbox, { onOpen, ...(proposal ? { proposal } : {}) })),
)
`

const HTML = `<!doctype html><html lang="en"><head><title>Shop</title><style>
h1 { color: rgb(1, 2, 3) } button { border: 3px dotted rgb(4, 5, 6) }</style>
<link rel="stylesheet" href="/host.css"></head>
<body><h1>The shop</h1><button>Of the shop</button><div id="place"></div><script type="module" src="/host.js"></script></body></html>`

/** A page of somebody else with the inbox in it, as their bundler makes it. */
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

describeWithChromium('the inbox in a page of somebody else', () => {
  const stage = useStage()
  const browser = useBrowser()
  let server: Server
  let address = ''

  beforeAll(async () => {
    const files = await buildPage()
    const app = new Hono().route('/api', governanceApi(stage.test.governor))
    app.get('/*', (c) => {
      const file = files.get(c.req.path)
      if (file === undefined) return c.html(HTML)
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

  it('lets people decide, and leaves the address, the styles and the title of the page to it [DASH-11]', async () => {
    const proposal = await stage.ask({ action: 'note.write', args: { text: 'of the shop' } })
    const at = `${address}/orders?key=${stage.keys.ana}&id=ana&role=supervisor`
    const page = await browser.open(at)
    await page.getByRole('link', { name: /of the shop/ }).click()
    await page.getByRole('heading', { level: 2 }).waitFor()
    expect(page.url()).toBe(at)
    expect(await page.evaluate("getComputedStyle(document.querySelector('h1')).color")).toBe('rgb(1, 2, 3)')
    expect(await page.evaluate("getComputedStyle(document.querySelector('body > button')).borderTopStyle")).toBe(
      'dotted',
    )
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Control+Enter')
    await page.getByRole('form', { name: 'Approve this action' }).waitFor()
    await page.keyboard.press('Control+Enter')
    await expect.poll(async () => (await stage.now(proposal)).state, { timeout: 20_000 }).toBe('succeeded')
    expect((await stage.now(proposal)).decidedBy).toEqual(['user:ana'])
  })

  it('opens on one proposal, has its dialogs where its styles are, and hands other links to the page [DASH-11]', async () => {
    const proposal = await stage.ask({ action: 'note.write', args: { text: 'again' } })
    const page = await browser.open(`${address}/?key=${stage.keys.ana}&id=ana&role=supervisor&proposal=${proposal.id}`)
    await page.getByRole('button', { name: 'Allow similar calls…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    expect(await dialog.evaluate((element) => element.closest('.preceptor') !== null)).toBe(true)
    expect(await page.evaluate("getComputedStyle(document.querySelector('[role=dialog]')).position")).toBe('fixed')
  })
})
