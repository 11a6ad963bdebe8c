export type { AdmissionOptions } from './admit-request.ts'
export {
  createGovernanceServer,
  type GovernanceServerOptions,
  type IdentifiedServerOptions,
} from './create-governance-server.ts'
export { createMcpEndpoint, type McpEndpointOptions } from './create-mcp-endpoint.ts'
export type { SessionLimits } from './mcp-sessions.ts'
export type { EndpointOptions, McpEndpoint } from './open-endpoint.ts'
export type { AuthorizationOptions } from './protected-resource.ts'
export {
  actionOf,
  type Catalogue,
  type CataloguedUpstream,
  type CatalogueEntry,
  definitionOf,
  parseCatalogue,
} from './proxy/catalogue.ts'
export { createProxyEndpoint, type ProxyEndpointOptions } from './proxy/create-proxy-endpoint.ts'
export { type GovernedProxy, type GovernedProxyOptions, governedProxy } from './proxy/governed-proxy.ts'
export { guessRisk, type RiskGuess } from './proxy/guess-risk.ts'
export { type ImportedCatalogue, type ImportedTool, importCatalogue } from './proxy/import-catalogue.ts'
export { type LookedAt, type LookOptions, lookAtUpstream } from './proxy/look-at-upstream.ts'
export { parseServers } from './proxy/parse-servers.ts'
export type { UpstreamFacts, UpstreamTarget } from './proxy/upstream.ts'
export { serveProxyStdio, serveStdio } from './serve-stdio.ts'
