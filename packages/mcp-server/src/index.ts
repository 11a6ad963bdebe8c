export {
  actionOf,
  type Catalogue,
  type CataloguedUpstream,
  type CatalogueEntry,
  definitionOf,
  parseCatalogue,
} from './catalogue/catalogue.ts'
export { guessRisk, type RiskGuess } from './catalogue/guess-risk.ts'
export { type ImportedCatalogue, type ImportedTool, importCatalogue } from './catalogue/import-catalogue.ts'
export {
  createGovernanceServer,
  type GovernanceServerOptions,
  type IdentifiedServerOptions,
} from './create-governance-server.ts'
export type { AdmissionOptions } from './http/admit-request.ts'
export { createMcpEndpoint, type McpEndpointOptions } from './http/create-mcp-endpoint.ts'
export type { SessionLimits } from './http/mcp-sessions.ts'
export type { EndpointOptions, McpEndpoint } from './http/open-endpoint.ts'
export type { AuthorizationOptions } from './http/protected-resource.ts'
export { createProxyEndpoint, type ProxyEndpointOptions } from './proxy/create-proxy-endpoint.ts'
export { type GovernedProxy, type GovernedProxyOptions, governedProxy } from './proxy/governed-proxy.ts'
export { serveProxyStdio, serveStdio } from './serve-stdio.ts'
export type { FeedbackTaker, SubmittedFeedback } from './tools/feedback-taker.ts'
export { type LookedAt, type LookOptions, lookAtUpstream } from './upstream/look-at-upstream.ts'
export { parseServers } from './upstream/parse-servers.ts'
export type { UpstreamFacts, UpstreamTarget } from './upstream/upstream.ts'
