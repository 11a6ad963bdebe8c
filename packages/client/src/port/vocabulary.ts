/** How far an agent is trusted, lowest first. */
export type Maturity = 'student' | 'intern' | 'supervised' | 'autonomous'

/** All levels of maturity, lowest first. */
export const MATURITIES: readonly Maturity[] = ['student', 'intern', 'supervised', 'autonomous']

/** How much harm an action can do, lowest first. */
export type Risk = 'safe' | 'medium' | 'high' | 'critical'

/** All risks, lowest first. */
export const RISKS: readonly Risk[] = ['safe', 'medium', 'high', 'critical']

/** What happens to an attempted action. */
export type Route = 'execution' | 'supervision' | 'queue' | 'proposal' | 'training' | 'denied'

/** All routes. */
export const ROUTES: readonly Route[] = ['execution', 'supervision', 'queue', 'proposal', 'training', 'denied']

/** Whether an agent is in service at all; separate from its maturity. */
export type Lifecycle = 'active' | 'paused' | 'stopped' | 'retired'

/** All states of the lifecycle. */
export const LIFECYCLES: readonly Lifecycle[] = ['active', 'paused', 'stopped', 'retired']

/** What set an attempt off; an open set, because sources can be registered. */
export type TriggerSource = 'manual' | 'data_sync' | 'workflow_engine' | 'ai_coordinator' | (string & {})

/** The kind of a trigger that starts a run of an agent; an open set, because types can be registered. */
export type TriggerType =
  | 'agent_message'
  | 'workflow_trigger'
  | 'form_submit'
  | 'canvas_update'
  | 'approval_request'
  | (string & {})

/**
 * What a decision of a person came by: the process of the host itself, a part of the product, or a channel. Counts are kept
 * by it, and nothing else depends on it.
 */
export type Surface = 'host' | 'api' | 'dashboard' | 'cli' | 'slack' | 'email' | 'mcp' | 'langchain'

/** All surfaces. */
export const SURFACES: readonly Surface[] = ['host', 'api', 'dashboard', 'cli', 'slack', 'email', 'mcp', 'langchain']
