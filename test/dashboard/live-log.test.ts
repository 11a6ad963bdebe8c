import { connect, createServer, type Server, type Socket } from 'node:net'
import { describeWithChromium } from '@preceptor/test-setup'
import type { Page } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { useBrowser } from './browser.ts'
import { useStage } from './stage.ts'
import { beginRun, gate, type SupervisedRun } from './supervised-run.ts'

const LINES = 10_000
/** An emitter holds 1,000 lines until they are stored. */
const AT_ONCE = 900
const LONG_FRAME_MS = 100
const MOST_LONG = 0.2

const HOSTILE = [
  '<script>ran()</script>',
  '<img src=x onerror=ran()>',
  '<svg/onload=ran()>',
  '"><iframe srcdoc="<script>parent.ran()</script>">',
  '[x](javascript:ran())',
  '\u202etxet desrever',
  'a\u200b\u200c\u2060\ufeffb',
  'p\u0430ypal',
  '\u001b[2Jcleared',
  'x'.repeat(20_000),
]
const MARKUP =
  'main :is(img, script, iframe, object, embed, svg), main a[href^="javascript"], main [onerror], main [onload]'

/** Scrolls the log for a while, a screen and a half in each frame, and says how long the frames took. */
const SCROLL = `new Promise((resolve) => {
  const box = document.querySelector('[role="log"]')
  const frames = []
  let last = performance.now()
  let step = -700
  const next = (now) => {
    frames.push(now - last)
    last = now
    if (box.scrollTop <= 0) step = 700
    box.scrollTop += step
    if (frames.length < 150) requestAnimationFrame(next)
    else resolve(frames.slice(1))
  }
  requestAnimationFrame(next)
})`

describeWithChromium('the log of a supervised run', () => {
  const stage = useStage({ settings: { deadlineMs: 20_000, attachWithinMs: 60_000 } })
  const browser = useBrowser({ expects: [/^Failed to load resource: net::ERR_/] })

  const openPage = async (run: SupervisedRun, at = stage.mounts.deep, query = ''): Promise<Page> => {
    const page = await browser.signedIn(`${at}/live/${run.id}${query}`, stage.keys.ana)
    await page.getByRole('button', { name: 'Attach' }).click()
    return page
  }
  const countOf = (page: Page) => page.getByRole('region', { name: 'Log', exact: true }).locator('.panel-head .muted')

  it('scrolls 10,000 lines without long frames, filters them and follows their end [SUP-7]', {
    timeout: 120_000,
  }, async () => {
    const held = gate()
    const run = await beginRun(stage, async ({ emit, checkpoint }) => {
      for (let line = 1; line <= LINES; line += 1) {
        const level = line % 100 === 0 ? 'warn' : 'info'
        emit({
          kind: 'log',
          level,
          message: `line ${line} of what the run does${line % 10 === 0 ? ', said at length'.repeat(12) : ''}`,
        })
        if (line % AT_ONCE === 0) await checkpoint()
      }
      await checkpoint()
      await held.passed
    })
    const page = await openPage(run)
    await page.getByRole('log').getByText(`line ${LINES} of`).waitFor({ timeout: 60_000 })
    await expect.poll(() => countOf(page).textContent()).toMatch(/^10,00\d lines$/)
    expect(await page.locator('.log-line').count()).toBeLessThan(200)
    const frames = (await page.evaluate(SCROLL)) as readonly number[]
    const long = frames.filter((frame) => frame > LONG_FRAME_MS).length / frames.length
    expect(long, `frames: ${frames.map(Math.round).join(' ')}`).toBeLessThan(MOST_LONG)
    expect(await page.locator('.log-line').count()).toBeGreaterThan(5)
    await page.getByRole('button', { name: 'To the end' }).click()
    await page.getByRole('log').getByText(`line ${LINES} of`).waitFor()
    await page.getByText('Warn', { exact: true }).click()
    await expect.poll(() => countOf(page).textContent()).toMatch(/^100 of 10,00\d lines$/)
    await page.getByLabel('Filter').fill('/line 7[0-9]00 /')
    await expect.poll(() => countOf(page).textContent()).toMatch(/^10 of /)
    await page.getByLabel('Filter').fill('/(/')
    await page.getByText('This is no regular expression.').waitFor()
    held.open()
    await run.first
    await run.finish()
  })

  it('shows hostile lines as text, in full, with what is hidden in them [DASH-6, SUP-7]', async () => {
    const held = gate()
    const run = await beginRun(
      stage,
      async ({ emit, checkpoint }) => {
        for (const message of HOSTILE) emit({ kind: 'log', level: 'warn', message })
        emit({ kind: 'progress', value: 0.5, message: HOSTILE[1] ?? '' })
        emit({ kind: 'output', text: JSON.stringify(HOSTILE.slice(0, 5).map((text) => ({ [text]: text, n: 1 }))) })
        await checkpoint()
        await held.passed
      },
      { amountCents: 5, to: HOSTILE[0] ?? '', reason: HOSTILE[5] ?? '' },
    )
    const page = await openPage(run, stage.mounts.deep, '?level=warn&follow=0')
    const ran: string[] = []
    await page.exposeFunction('ran', () => void ran.push('a script ran'))
    const log = page.getByRole('log')
    for (const shown of [
      ...HOSTILE.slice(0, 5),
      '\\u202etxet desrever',
      'a\\u200b\\u200c\\u2060\\ufeffb',
      'p\\u0430ypal',
      '\\u001b[2Jcleared',
    ]) {
      await log.getByText(shown, { exact: true }).waitFor()
    }
    // The server keeps 8,000 characters of a line, and the page shows each of them.
    const text = await log.locator('.log-line').last().locator('.log-text').textContent()
    expect(text).toMatch(/^x{8000}…$/)
    for (const tab of ['Table', 'Chart', 'JSON', 'Text']) {
      await page.getByRole('tab', { name: tab, exact: true }).click()
      const found = page.locator(tab === 'Chart' ? MARKUP.replace(', svg', '') : MARKUP)
      expect(await found.count(), tab).toBe(0)
    }
    expect(await page.title()).toBe('Preceptor')
    expect(ran).toEqual([])
    held.open()
    await run.first
    await run.finish()
  })

  it('has every line once after the connection broke and came back, and holds still when asked to [SUP-7]', {
    timeout: 90_000,
  }, async () => {
    const [first, second, last] = [gate(), gate(), gate()]
    const say = ({ emit }: { readonly emit: (event: never) => void }, from: number, to: number): void => {
      for (let line = from; line <= to; line += 1)
        emit({ kind: 'log', level: 'info', message: `said ${line}` } as never)
    }
    const run = await beginRun(stage, async (call) => {
      say(call, 1, 20)
      await first.passed
      say(call, 21, 40)
      await call.checkpoint()
      await second.passed
      say(call, 41, 60)
      await call.checkpoint()
      await last.passed
    })
    const line = await openLine(stage.mounts.root)
    onTestFinished(() => line.close())
    const page = await openPage(run, line.address)
    const log = page.getByRole('log')
    await log.getByText('said 20', { exact: true }).waitFor()
    line.cut()
    first.open()
    await expect
      .poll(async () => (await stage.test.admin.sessions.events(run.id, { limit: 500 })).items.length)
      .toBeGreaterThan(40)
    line.mend()
    await log.getByText('said 40', { exact: true }).waitFor({ timeout: 30_000 })
    await page.getByRole('button', { name: 'Pause the log' }).click()
    second.open()
    await page.getByRole('button', { name: /Show 20 new lines/ }).click()
    await log.getByText('said 60', { exact: true }).waitFor()
    await page.getByLabel('Filter').fill('said')
    await expect.poll(() => countOf(page).textContent()).toMatch(/^60 of /)
    last.open()
    await run.first
    await run.finish()
  })
})

/** A connection to a server that can be cut and mended. */
async function openLine(target: string) {
  const { port } = new URL(target)
  const sockets = new Set<Socket>()
  let isCut = false
  const server: Server = createServer((near) => {
    near.on('error', () => undefined)
    if (isCut) return near.destroy()
    const far = connect(Number(port), '127.0.0.1')
    far.on('error', () => undefined)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    return near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The line does not listen.')
  const cut = (): void => {
    isCut = true
    for (const socket of [...sockets]) socket.destroy()
  }
  return {
    address: `http://127.0.0.1:${address.port}`,
    cut,
    mend: () => {
      isCut = false
    },
    close() {
      cut()
      server.close()
    },
  }
}
