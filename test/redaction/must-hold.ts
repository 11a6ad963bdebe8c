/** A place that holds secrets on purpose. */
export interface Holding {
  readonly sink: RegExp
  readonly place: RegExp
  readonly why: string
}

/** Args that no schema hides, whatever they look like. */
const OPEN_ARG = /\.(?:bearer|key|note)$/
const ANY_ARG = /\.(?:bearer|key|note|token|pin)$/

/** Where secrets may be, and why; everything else is a leak. docs/decisions/0040-secrets.md explains it. */
export const MUST_HOLD: readonly Holding[] = [
  {
    sink: /^database (?:proposal_versions|supervised_queue|session_steps|blocked_triggers)\.args$/,
    place: ANY_ARG,
    why: 'What waits runs with these args.',
  },
  {
    sink: /^database (?:proposals|supervised_queue|blocked_triggers|reviews)\.resource$/,
    place: /\.resource$/,
    why: 'The policy is asked about it again before the run.',
  },
  {
    sink: /^database executions\.outcome$/,
    place: /^(?:outcome|run-value)|\.token$/,
    why: 'The same attempt made again is answered with it; what another process reports is taken as it is.',
  },
  {
    sink: /^database idempotency_keys\.response$/,
    place: ANY_ARG,
    why: 'A run in another process whose answer was lost gets the same answer, for 24 hours.',
  },
  { sink: /^replayed results$/, place: /-value/, why: 'The same attempt made again gets the outcome.' },
  {
    sink: /^(?:answers to (?:admin|supervisor|agents)|MCP results of (?:sue|agents)|LangChain|output of programs)$/,
    place: OPEN_ARG,
    why: 'People decide on args as they are, and an agent reads its own; what the schema hides is masked.',
  },
  {
    sink: /^MCP results of agents$/,
    place: /^mcp-free\./,
    why: 'An assistant that may run gets the args to run with.',
  },
  { sink: /^LangChain$/, place: /^chain-free.*\.token$/, why: 'What the own tool threw is its own answer.' },
  {
    sink: /^(?:database grants\.matcher|answers to (?:admin|supervisor))$/,
    place: /^matcher$/,
    why: 'A grant names args that no schema hides.',
  },
  {
    sink: /^(?:database proposals\.response|answers to (?:admin|supervisor|agents)|MCP results of sue)$/,
    place: /^response$/,
    why: 'A person answers the agent in the place of the action.',
  },
  { sink: /^database scenario_runs\.answer$/, place: /^answer-/, why: 'It is graded as it is, and cannot be changed.' },
  {
    sink: /^(?:database webhooks\.url|answers to admin)$/,
    place: /^url-/,
    why: 'It is where administrators have it sent.',
  },
  { sink: /^answers to (?:admin|agents)$/, place: /^(?:user-in-path|bad-action)$/, why: 'Who asked named it so.' },
]
