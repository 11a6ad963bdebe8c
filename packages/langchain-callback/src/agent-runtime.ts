/**
 * What the host passed to the run, to read from it who the agent is, never what it may do. A callback handler sees the
 * `metadata` of the run as `configurable`, and no `context`.
 */
export type AgentRuntime = { readonly context?: unknown; readonly configurable?: Readonly<Record<string, unknown>> }
