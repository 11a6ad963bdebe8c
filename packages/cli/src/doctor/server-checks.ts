import { GovernanceError, type Identity } from '@preceptor/client'
import type { CommandCall } from '../command.ts'
import { connectToServer, findTarget, type Target } from '../connect.ts'
import type { Connected, Reach } from '../connected.ts'
import { checkWebhooks } from './channel-checks.ts'
import { type Check, type Finding, ok } from './check.ts'
import { enforcementChecks } from './enforcement-checks.ts'

const PATIENCE_MS = 5_000
const MOST_SKEW_MS = 5_000
const SOON_MS = 7 * 86_400_000

/** The checks that ask the server of the command line; one that is not reached leaves the rest out. */
export function serverChecks(call: Pick<CommandCall, 'flags' | 'host'>): readonly Check[] {
  let target: Promise<Target> | undefined
  let connected: Promise<Connected> | undefined
  const find = (): Promise<Target> => (target ??= findTarget(call))
  const reach: Reach = () => (connected ??= connectToServer(call))
  const enforcement = enforcementChecks(reach).map(({ name, run }) => ({ name, run: () => orSkip(run) }))
  return [
    { name: 'server', run: async () => checkServer(await find()) },
    { name: 'gate', run: () => orSkip(async () => checkGate(await find())) },
    { name: 'credential', run: () => orSkip(async () => checkCredential(await reach())) },
    { name: 'clock', run: () => orSkip(async () => checkClock(await find())) },
    { name: 'stream', run: () => orSkip(async () => checkStream(await reach())) },
    ...enforcement,
    { name: 'alerts', run: () => orSkip(() => whereAllowed(async () => checkAlerts(await reach()))) },
    { name: 'webhooks', run: () => orSkip(() => whereAllowed(() => checkWebhooks(call, reach))) },
  ]
}

/** What the first check says already is not said again. */
async function orSkip(run: () => Promise<Finding>): Promise<Finding> {
  try {
    return await run()
  } catch (error) {
    if (!GovernanceError.isInstance(error)) throw error
    const isSaid =
      error.code === 'OPTION_INVALID' || error.code === 'GOVERNOR_UNREACHABLE' || error.code === 'DEV_FILE_UNSAFE'
    if (isSaid) return { state: 'skipped', message: 'no server is reached' }
    return { state: 'failed', message: error.message, advice: error.hint, code: error.code }
  }
}

/** Not every key that a doctor is run with may see everything. */
async function whereAllowed(run: () => Promise<Finding>): Promise<Finding> {
  try {
    return await run()
  } catch (error) {
    if (!GovernanceError.isInstance(error) || error.code !== 'PERMISSION_DENIED') throw error
    return { state: 'skipped', message: 'this key may not see it' }
  }
}

async function checkServer({ url }: Target): Promise<Finding> {
  const { status } = await ask(url, '/healthz')
  if (status === 200) return ok(`${url} answers`)
  const advice = 'The address is that of the API, such as http://127.0.0.1:4600/api.'
  return { state: 'failed', message: `${url} answers with HTTP ${status}.`, advice, code: 'GOVERNOR_ANSWER_INVALID' }
}

async function checkGate({ url }: Target): Promise<Finding> {
  const response = await ask(url, '/readyz')
  const { checks = {} } = (await response.json().catch(() => ({}))) as { checks?: Record<string, { ok?: boolean }> }
  if (response.status === 200) return ok(`ready: ${Object.keys(checks).join(', ')}`)
  const failing = Object.entries(checks)
    .filter(([, check]) => check.ok !== true)
    .map(([name]) => name)
  const message = `The gate cannot decide now: ${failing.join(', ') || `HTTP ${response.status}`}.`
  return { state: 'failed', message, advice: 'See the log of the server; until then it denies everything.' }
}

async function checkCredential({ identity, scope }: Connected): Promise<Finding> {
  const expiresAt = await expiryOf({ identity, scope })
  const name = describeIdentity(identity)
  if (expiresAt !== null && Date.parse(expiresAt) - Date.now() < SOON_MS) {
    return { state: 'warning', message: `The key of ${name} expires at ${expiresAt}.`, advice: 'Create another one.' }
  }
  return ok(name)
}

/** Only who may list keys learns when this one expires. */
async function expiryOf({ identity, scope }: Pick<Connected, 'identity' | 'scope'>): Promise<string | null> {
  if (identity.principal.credential === undefined) return null
  const page = await scope.keys.list({ limit: 100 }).catch(() => undefined)
  return page?.items.find(({ id }) => id === identity.principal.credential)?.expiresAt ?? null
}

function describeIdentity({ workspace, principal }: Identity): string {
  const rights = principal.kind === 'user' ? principal.roles : (principal.scopes ?? [])
  return `${principal.kind}:${principal.id} in ${workspace}${rights.length === 0 ? '' : `, with ${rights.join(', ')}`}`
}

/** Expiry is judged by the clock of the server. */
async function checkClock({ url }: Target): Promise<Finding> {
  const sent = Date.now()
  const { headers } = await ask(url, '/healthz')
  const stated = Date.parse(headers.get('date') ?? '')
  if (Number.isNaN(stated)) return { state: 'skipped', message: 'the server states no time' }
  const skewMs = Math.max(sent - stated - 1_000, stated - Date.now(), 0)
  if (skewMs <= MOST_SKEW_MS) return ok('this clock and that of the server agree')
  const message = `This clock and that of the server are ${Math.round(skewMs / 1_000)} s apart.`
  return { state: 'warning', message, advice: 'Let both follow a time server (NTP).' }
}

/** A proxy that buffers holds events back. */
async function checkStream({ scope }: Connected): Promise<Finding> {
  const controller = new AbortController()
  try {
    const { position } = await scope.events.subscribe({ signal: controller.signal })
    return ok(`events arrive, from ${position} on`)
  } catch (error) {
    if (!GovernanceError.isInstance(error) || error.code !== 'GOVERNOR_UNREACHABLE') throw error
    const advice = 'A proxy may hold them back: switch off buffering for text/event-stream.'
    return { state: 'failed', message: 'No event arrives.', advice, code: error.code }
  } finally {
    controller.abort()
  }
}

/** What the workers of the server found wrong. */
async function checkAlerts({ scope }: Connected): Promise<Finding> {
  const { items, next } = await scope.alerts.list({ state: 'open', limit: 100 })
  const urgent = items.filter(({ severity }) => severity !== 'info')
  if (urgent.length === 0) return ok(next === null ? 'no alert is open' : 'no alert of the last 100 is urgent')
  const codes = [...new Set(urgent.map(({ code }) => code))].map((code) => {
    const own = urgent.filter((alert) => alert.code === code)
    return `${own.length} ${code}, the oldest since ${own.at(-1)?.raisedAt}`
  })
  const state = urgent.some(({ severity }) => severity === 'critical') ? 'failed' : 'warning'
  return { state, message: `Open alerts: ${codes.join('; ')}.`, advice: 'See "preceptor alerts list --state open".' }
}

async function ask(url: string, path: string): Promise<Response> {
  try {
    return await fetch(`${url}${path}`, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) })
  } catch {
    throw new GovernanceError('GOVERNOR_UNREACHABLE', { message: `Nothing answers at ${url}.` })
  }
}
