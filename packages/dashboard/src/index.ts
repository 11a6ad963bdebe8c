export { type DashboardOptions, dashboard } from './dashboard.ts'
export type { OidcOptions } from './oidc/oidc-options.ts'
