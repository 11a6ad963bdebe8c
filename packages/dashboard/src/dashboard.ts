import type { HostPlane } from '@preceptor/client'
import { type GovernanceApiOptions, governanceApi, surface } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { type AppFiles, readAppFiles } from './app-files.ts'
import { mountOf } from './mount.ts'
import type { OidcOptions } from './oidc/oidc-options.ts'
import { oidcRoutes } from './oidc/oidc-routes.ts'
import { answerFile, answerPage } from './pages.ts'
import { refuseForeign, refuseForeignHosts } from './same-origin.ts'
import { bearerOfSession, sessionRoutes } from './session.ts'

/** Options of the dashboard. */
export interface DashboardOptions extends GovernanceApiOptions {
  /** Lets people sign in by a provider of OpenID Connect, beside an API key. */
  readonly oidc?: OidcOptions
}

const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "frame-ancestors 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'x-frame-options': 'DENY',
}

/**
 * The dashboard: a page for the people who decide, with the API that it speaks to, for mounting anywhere in the host.
 * People sign in with an API key, which stays in a cookie that no script can read. It answers everything below the path
 * that it is mounted at.
 *
 * @throws GovernanceError `OPTION_INVALID` for the option `oidc`.
 *
 * @example
 * ```ts
 * import type { HostPlane } from '@preceptor/client'
 * import { dashboard } from '@preceptor/dashboard'
 * import { Hono } from 'hono'
 *
 * export const createApp = (governor: HostPlane): Hono => new Hono().route('/preceptor', dashboard(governor))
 * ```
 */
export function dashboard(governor: HostPlane, { oidc, ...api }: DashboardOptions = {}): Hono {
  const app = new Hono()
  let files: AppFiles | undefined
  app.use('*', async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value)
  })
  app.use('*', refuseForeignHosts(api.allowedHosts))
  app.use('/session', refuseForeign)
  app.use('/api/*', refuseForeign, bearerOfSession(governor), surface('dashboard'))
  sessionRoutes(app, governor, { store: oidc && oidcRoutes(app, governor, oidc), features: featuresOf(api) })
  app.route('/api', governanceApi(governor, api))
  app.get('/*', (c) => {
    files ??= readAppFiles()
    const { base, rest } = mountOf(c)
    return answerFile(c, files, rest) ?? answerPage(files, base)
  })
  return app
}

/** The plugins whose operations are served, by name. */
function featuresOf({ routes = [] }: GovernanceApiOptions): readonly string[] {
  const operations = routes.flatMap((plugin) => plugin.routes.map(({ operation }) => operation))
  return [...new Set(operations.map((operation) => operation.split('.', 1).join('')))].sort()
}
