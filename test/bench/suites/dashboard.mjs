import { setTimeout as pause } from 'node:timers/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import { median } from '../measure.mjs'
import { openDesk } from '../open-desk.mjs'
import { atLeast, atMost, reported } from '../table.mjs'

const ROUNDS = 7
const FIRST_PAINT_MS = 800
const LINES = 10_000
/** An emitter holds 1,000 lines until they are stored. */
const AT_ONCE = 900
const FRAMES = 240
const FIRST_SCRIPT_KB = 180
const ALL_SCRIPTS_KB = 450
const PAGES = ['inbox', 'live', 'agents', 'training', 'learning', 'workflows', 'collab', 'analytics', 'alerts', 'audit']

const PAINTED = `new Promise((resolve) => {
  new PerformanceObserver((list, observer) => {
    const entry = list.getEntriesByName('first-contentful-paint')[0]
    if (entry === undefined) return
    observer.disconnect()
    resolve(entry.startTime)
  }).observe({ type: 'paint', buffered: true })
})`

/** Scrolls what scrolls by a screen in each frame, up and down again, and says how long the frames took. */
const SCROLL = `new Promise((resolve) => {
  const box = document.querySelector('[role="log"]')
  const frames = []
  let last = performance.now()
  let step = -700
  const next = (now) => {
    frames.push(now - last)
    last = now
    if (box !== null) {
      if (box.scrollTop <= 0) step = 700
      box.scrollTop += step
    }
    if (frames.length <= ${FRAMES}) requestAnimationFrame(next)
    else resolve(frames.slice(1))
  }
  requestAnimationFrame(next)
})`

/** What the page costs a browser, against the budgets and against a page of one line. */
export async function dashboard() {
  const desk = await openDesk()
  try {
    return [...(await firstPaint(desk)), ...(await scripts(desk)), ...(await frames(desk))]
  } finally {
    await desk.close()
  }
}

async function firstPaint(desk) {
  const times = { inbox: [], plain: [] }
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, path] of [
      ['inbox', '/desk/inbox'],
      ['plain', '/plain'],
    ]) {
      const page = await desk.open()
      await page.goto(`${desk.address}${path}`)
      const time = await page.evaluate(PAINTED)
      // The first round warms up.
      if (round > 0) times[name].push(time)
      await page.context().close()
    }
  }
  const ours = median(times.inbox)
  const budget = {
    name: 'first paint of the inbox / budget',
    other: FIRST_PAINT_MS,
    as: 'limit',
    gate: 1,
    moonshot: 0.25,
  }
  return [
    atMost({ ...budget, ours, unit: 'ms' }),
    reported({
      name: 'first paint of the inbox / of a page of one line',
      ours,
      other: median(times.plain),
      unit: 'ms',
    }),
  ]
}

/** Compressed script: what the page asks for before the inbox stands, and what each page has loaded once it does. */
async function scripts(desk) {
  const sizes = new Map()
  const loadedBy = {}
  for (const name of PAGES) loadedBy[name] = await load(desk, name, sizes)
  const html = await (await fetch(`${desk.address}/desk/inbox`, { headers: { accept: 'text/html' } })).text()
  const sum = (addresses) => addresses.reduce((all, address) => all + sizes.get(address), 0) / 1_000
  const first = sum([...sizes.keys()].filter((address) => html.includes(address.split('/').at(-1))))
  const inbox = sum(loadedBy.inbox)
  return [
    atMost({ ...size('script before the inbox stands'), ours: first, other: FIRST_SCRIPT_KB }),
    reported({
      name: 'script of the inbox, with the card that comes ahead / before',
      ours: inbox,
      other: first,
      unit: 'kB',
    }),
    ...PAGES.slice(1).map((name) => {
      const ours = sum(loadedBy[name])
      return reported({ name: `script of ${name} / of the inbox`, ours, other: inbox, unit: 'kB' })
    }),
    atMost({ ...size('script of these pages together'), ours: sum([...sizes.keys()]), other: ALL_SCRIPTS_KB }),
  ]
}

/** Opens a page in a browser that has nothing of it yet; returns the addresses of the scripts that it loads. */
async function load(desk, name, sizes) {
  const page = await desk.open()
  const loaded = []
  page.on('response', (response) => response.url().endsWith('.js') && loaded.push(response))
  await page.goto(`${desk.address}/desk/${name}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForLoadState('networkidle', { timeout: 5_000 }).catch(() => undefined)
  for (const response of loaded) sizes.set(response.url(), await compressed(response))
  await page.context().close()
  return loaded.map((response) => response.url())
}

const size = (name) => ({ name: `${name} / budget`, as: 'limit', gate: 1, moonshot: 0.5, unit: 'kB' })

async function compressed(response) {
  const body = await response.body()
  return gzipSync(body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body).length
}

/** A log that is scrolled, against frames in which nothing happens. */
async function frames(desk) {
  const run = await beginRun(desk)
  try {
    const rates = { log: [], idle: [] }
    const page = await desk.open()
    await page.goto(`${desk.address}/desk/live/${run.session}`)
    await page.getByRole('log').getByText(`line ${LINES} of`).waitFor({ timeout: 60_000 })
    const idle = await desk.open()
    await idle.goto(`${desk.address}/plain`)
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [name, looked] of Object.entries({ log: page, idle })) {
        await looked.bringToFront()
        const took = await looked.evaluate(SCROLL)
        if (round > 0) rates[name].push((took.length * 1_000) / took.reduce((sum, one) => sum + one, 0))
      }
    }
    const [ours, other] = [median(rates.log), median(rates.idle)]
    const name = `a log of ${LINES.toLocaleString('en-US')} lines that is scrolled / an idle page`
    return [atLeast({ name, ours, other, as: 'limit', gate: 0.9, moonshot: 1, unit: 'frames/s' })]
  } finally {
    await run.finish()
  }
}

async function beginRun({ admin, as }) {
  await admin.agents.register({ id: 'watched-bot', maturity: 'supervised' })
  const ana = as('user', 'ana', ['supervisor'])
  const agent = as('agent', 'watched-bot')
  await ana.presence.heartbeat()
  let done = () => undefined
  const held = new Promise((resolve) => {
    done = resolve
  })
  const trigger = { agent: 'watched-bot', action: 'report.write', args: { month: 'May' }, run: 'run-1' }
  const result = agent.guard(trigger, async ({ emit, checkpoint }) => {
    for (let line = 1; line <= LINES; line += 1) {
      emit({ kind: 'log', level: line % 100 === 0 ? 'warn' : 'info', message: `line ${line} of what the run does` })
      if (line % AT_ONCE === 0) await checkpoint()
    }
    await checkpoint()
    await held
  })
  const session = await firstSession(ana)
  await ana.sessions.attach(session)
  return {
    session,
    async finish() {
      done()
      await result
      await agent.finish('run-1', { agent: 'watched-bot', status: 'completed' })
    },
  }
}

async function firstSession(supervisor) {
  for (const end = Date.now() + 20_000; Date.now() < end; await pause(100)) {
    const { items } = await supervisor.sessions.list({ state: 'active' })
    if (items[0] !== undefined) return items[0].id
  }
  throw new Error('The benchmark expected a session to supervise.')
}
