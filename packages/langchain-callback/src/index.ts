export { governTools } from './govern-tools.ts'
export { GovernanceCallbackHandler, type GovernanceCallbackHandlerOptions } from './governance-callback-handler.ts'
export { type GovernanceMiddlewareOptions, governanceMiddleware } from './governance-middleware.ts'
export type { AgentRuntime, GovernanceOptions, ToolAction } from './options.ts'
