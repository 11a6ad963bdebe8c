import { connect as connectTo } from 'node:net'
import type { CliHost } from '../command.ts'
import { oidcOf } from '../serve-governor.ts'
import { type Check, type Finding, ok } from './check.ts'

type Environment = CliHost['env']

const PATIENCE_MS = 5_000

/** The checks of what others keep: the exporter of traces, who signs people in, and the dashboard as people reach it. */
export function outsideChecks(env: Environment): readonly Check[] {
  return [
    { name: 'sign-in', run: () => checkSignIn(env) },
    { name: 'dashboard', run: () => checkDashboard(env) },
    { name: 'telemetry', run: () => checkExporter(env) },
  ]
}

/** An export without a span in it: it tells address, path and headers, and leaves nothing there. */
async function checkExporter(env: Environment): Promise<Finding> {
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT
  const address = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || (base && `${base.replace(/\/+$/, '')}/v1/traces`)
  if (!address) return { state: 'skipped', message: 'OTEL_EXPORTER_OTLP_ENDPOINT is not set' }
  const advice = 'Check the OTEL_EXPORTER_OTLP_ variables, and that the collector runs.'
  if (!URL.canParse(address))
    return { state: 'failed', message: 'The endpoint of OpenTelemetry is no address.', advice }
  const url = new URL(address)
  const protocol = env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || env.OTEL_EXPORTER_OTLP_PROTOCOL || 'http/protobuf'
  if (protocol === 'grpc') {
    const isThere = await answersAt(url.hostname, Number(url.port || 4317))
    if (isThere) return ok(`something listens at ${url.host}; whether it speaks gRPC is not looked at`)
    return { state: 'failed', message: `Nothing listens at ${url.host}.`, advice }
  }
  const isJson = protocol === 'http/json'
  const headers = {
    ...headersOf(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS || env.OTEL_EXPORTER_OTLP_HEADERS || ''),
    'content-type': isJson ? 'application/json' : 'application/x-protobuf',
  }
  const body = isJson ? '{"resourceSpans":[]}' : new Uint8Array()
  const status = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: patience() }).then(
    (answer) => answer.status,
    () => undefined,
  )
  if (status === undefined) return { state: 'failed', message: `Nothing answers at ${url.origin}.`, advice }
  if (status >= 200 && status < 300) return ok(`${url.origin} takes traces`)
  return { state: 'failed', message: `${url.origin} answers ${status} to an export of traces.`, advice }
}

/** `name=value` with commas between, percent-encoded, as OpenTelemetry has it; what is none of it is left out. */
function headersOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').flatMap((pair): readonly (readonly [string, string])[] => {
    const at = pair.indexOf('=')
    const name = pair.slice(0, Math.max(at, 0)).trim()
    try {
      return /^[\w-]+$/.test(name) ? [[name, decodeURIComponent(pair.slice(at + 1).trim())]] : []
    } catch {
      return []
    }
  })
  return Object.fromEntries(pairs)
}

function answersAt(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTo({ host, port, timeout: PATIENCE_MS })
    const end = (isThere: boolean) => (): void => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false))
  })
}

/** Who signs people in must say that it is the one that was named. */
async function checkSignIn(env: Environment): Promise<Finding> {
  const oidc = oidcOf(env)
  if (oidc === undefined)
    return { state: 'skipped', message: 'PRECEPTOR_OIDC_ISSUER is not set: people sign in by keys' }
  const address = `${oidc.issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`
  const advice = 'PRECEPTOR_OIDC_ISSUER is the address of the provider as it states it itself.'
  if (!URL.canParse(address)) return { state: 'failed', message: 'PRECEPTOR_OIDC_ISSUER is no address.', advice }
  const stated = await fetch(address, { redirect: 'manual', signal: patience() })
    .then((answer) => (answer.ok ? answer.json() : undefined))
    .then((document) => String(Object(document).issuer ?? ''))
    .catch(() => undefined)
  if (stated === undefined) return { state: 'failed', message: 'The provider of sign-in does not answer.', advice }
  if (stated === oidc.issuer) return ok(`${oidc.issuer} signs people in`)
  return { state: 'failed', message: 'The provider of sign-in says that it is another one.', advice }
}

/** A proxy may cut off the prefix, or drop the headers that protect whoever decides. */
async function checkDashboard({ PRECEPTOR_PUBLIC_URL: text }: Environment): Promise<Finding> {
  if (!text || !URL.canParse(text)) return { state: 'skipped', message: 'PRECEPTOR_PUBLIC_URL is no address' }
  const page = await fetch(text, { signal: patience() }).catch(() => undefined)
  if (page === undefined) {
    const advice = 'It may be that people reach it and this machine does not.'
    return { state: 'warning', message: `Nothing answers at ${text}.`, advice }
  }
  const advice = 'Let the proxy pass the path and the headers of the dashboard on as they are.'
  const html = await page.text()
  if (!page.ok || !(page.headers.get('content-type') ?? '').startsWith('text/html')) {
    return { state: 'failed', message: `${text} answers ${page.status}, and not with the dashboard.`, advice }
  }
  const policy = page.headers.get('content-security-policy')
  if (policy === null || policy.includes('unsafe-inline') || !policy.includes('script-src')) {
    return { state: 'failed', message: 'The dashboard comes without its Content-Security-Policy.', advice }
  }
  const base = new URL(/<base href="([^"]+)"/.exec(html)?.[1] ?? '.', page.url)
  const script = /<script[^>]* src="([^"]+)"/.exec(html)?.[1]
  const part =
    script === undefined ? undefined : await fetch(new URL(script, base), { signal: patience() }).catch(() => undefined)
  await part?.body?.cancel()
  if (part?.ok === true && (part.headers.get('content-type') ?? '').includes('javascript'))
    return ok(`people reach ${text}`)
  return { state: 'failed', message: `${text} is there, but not what its page loads.`, advice }
}

function patience(): AbortSignal {
  return AbortSignal.timeout(PATIENCE_MS)
}
