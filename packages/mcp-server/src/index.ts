export type { AdmissionOptions } from './admit-request.ts'
export {
  createGovernanceServer,
  type GovernanceServerOptions,
  type IdentifiedServerOptions,
} from './create-governance-server.ts'
export { createMcpEndpoint, type McpEndpoint, type McpEndpointOptions } from './create-mcp-endpoint.ts'
export type { SessionLimits } from './mcp-sessions.ts'
export { serveStdio } from './serve-stdio.ts'
