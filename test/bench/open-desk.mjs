import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { createGovernor } from '@preceptor/core'
import { dashboard } from '@preceptor/dashboard'
import { createLearning } from '@preceptor/learning'
import { learningRoutes } from '@preceptor/learning/hono'
import { createOrchestration } from '@preceptor/orchestration'
import { orchestrationRoutes } from '@preceptor/orchestration/hono'
import { Hono } from 'hono'
import { chromium } from 'playwright-core'
import { findChromium } from '../setup/chromium.mjs'

const ARGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
const PLAIN = '<!doctype html><html lang="en"><title>plain</title><p>One line, and nothing else.</p></html>'

/** A dashboard on a memory database with ana signed in, a page of one line beside it, and a Chromium that looks at them. */
export async function openDesk() {
  const governor = await createGovernor({
    memory: true,
    plugins: [createLearning(), createOrchestration()],
    actions: { 'report.write': { risk: 'high' } },
    settings: { deadlineMs: 20_000, attachWithinMs: 60_000 },
    report: () => undefined,
  })
  const as = (kind, id, roles = []) => governor.as({ workspace: 'default', principal: { kind, id, roles } })
  const admin = as('user', 'ada', ['admin'])
  await admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
  const key = { displayName: 'ana', principalKind: 'user', principalId: 'ana', roles: ['supervisor'] }
  const { secret } = await admin.keys.create(key)
  const app = new Hono().get('/plain', (c) => c.html(PLAIN))
  app.route('/desk', dashboard(governor, { routes: [learningRoutes(), orchestrationRoutes()] }))
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${server.address().port}`
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-bench-'))
  const { url: executablePath } = await findChromium()
  const browser = await chromium.launch({ executablePath, args: ARGS, env: { ...process.env, HOME: folder } })
  const signedIn = await signIn(browser, `${address}/desk`, secret)
  return {
    admin,
    as,
    address,
    /** A page of somebody who signed in before, and whose browser has nothing of it yet. */
    async open() {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, storageState: signedIn })
      return context.newPage()
    },
    async close() {
      await browser.close()
      server.close()
      server.closeAllConnections()
      await governor.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function signIn(browser, desk, secret) {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${desk}/inbox`)
  await page.getByLabel('API key').fill(secret)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
  const state = await context.storageState()
  await context.close()
  return state
}
