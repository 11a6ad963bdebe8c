import { type ActionDefinitions, GovernanceError, isSampleSecret, type Scenario, type Trainee } from '@preceptor/client'
import { z } from 'zod'
import { type JwtOptions, parseJwtOptions } from './access/jwt-options.ts'
import {
  type RateLimitOptions,
  type RateLimits,
  rateLimitOptions,
  toRateLimits,
} from './access/rate-limits/rate-limit-options.ts'
import type { FailpointName, Report } from './context.ts'
import type { Pool } from './database/pool.ts'
import { type CheckpointOptions, parseCheckpointOptions } from './journal/checkpoints/checkpoint-options.ts'
import { isEventKind } from './journal/event-kinds.ts'
import type { Clock } from './kernel/clock.ts'
import type { ChatModel } from './models/chat-model.ts'
import { type NotificationChannel, WEBHOOKS } from './notifications/notification.ts'
import { parsePlugins } from './plugins/parse-plugins.ts'
import type { GovernorPlugin } from './plugins/plugin.ts'
import type { ReviewerBinding } from './review/reviewer-binding.ts'
import { DEFAULT_SETTINGS, type Settings } from './settings.ts'
import { readTrainees, type TraineeOption } from './training/http-trainee.ts'
import { parseScenarios } from './training/parse-scenario.ts'

/** Options of `createGovernor`; every one has a default. */
export interface GovernorOptions {
  /** Address of a Postgres server, or a pool of `pg` that the host owns. Default: the embedded database. */
  readonly database?: string | Pool | undefined
  /** Folder of the embedded database; default `.preceptor`. */
  readonly dataFolder?: string | undefined
  /** Embedded without a folder: everything is lost at the end. For tests. */
  readonly memory?: boolean
  /** Address of a Redis server for jobs; default: jobs stand in the database. */
  readonly redis?: string | undefined
  /** Name of the job queue, which those of plugins begin with; databases that share a Redis need one each. Default `preceptor`. */
  readonly queueName?: string | undefined
  /** Actions of this process, registered in every workspace that it opens. */
  readonly actions?: ActionDefinitions
  /** Workspaces that exist from the start; default `['default']`. */
  readonly workspaces?: readonly string[]
  /** Whether pending migrations are applied; default: on the embedded database only. */
  readonly migrate?: boolean
  /** Whether this runs in production, where the embedded database is refused; default false. */
  readonly production?: boolean
  /** Accept the embedded database in production: it never syncs to the disk, so a power loss may lose data. */
  readonly allowEmbeddedInProduction?: boolean
  /** How JSON Web Tokens are verified; without it only API keys are accepted. */
  readonly jwt?: JwtOptions
  /**
   * Signed heads of the journal, kept outside the database: they tell a journal that was wiped, cut off or written again
   * from the true one. A worker takes them; verifying compares with them. Default: none.
   */
  readonly checkpoints?: CheckpointOptions
  /**
   * How many requests the servers on this governor answer, over all processes on the same Redis or database; `false` counts
   * nothing. Default, each in so many seconds: a principal 2,000 in 10, an agent 1,000 in 10, the agents and services of a
   * workspace together 10,000 in 10, credentials that fail from one address 20 in 60.
   */
  readonly rateLimits?: RateLimitOptions | false
  /** Trigger sources beyond the built-in ones. */
  readonly sources?: readonly string[]
  /** Trigger types beyond the built-in ones. */
  readonly types?: readonly string[]
  /** Ways to tell people, of the workspaces that are named here; webhooks are always there. A worker sends. */
  readonly channels?: readonly NotificationChannel[]
  /** Where the dashboard is, such as `https://example.com/preceptor`: notifications link to it. */
  readonly publicUrl?: string | undefined
  /** Which addresses webhooks may have besides those of the public internet over https. */
  readonly outbound?: {
    /** Origins, such as `http://127.0.0.1:4711`. */
    readonly allow?: readonly string[]
  }
  /** Scenarios of training beyond those of the product; a higher version replaces one of the same id. */
  readonly scenarios?: readonly Scenario[]
  /**
   * Who answers scenarios for an agent, by the id of the agent, in every workspace that this process opens: a function, or
   * an endpoint that gets each question as a POST and answers `{ "answer": … }`.
   */
  readonly runners?: Readonly<Record<string, TraineeOption>>
  /** A chat model that grades by rubric; without one, such answers wait for a person. */
  readonly grader?: ChatModel
  /**
   * The meta-agent, which advises on proposals and designs courses: by a chat model, or by rules without one. With
   * `always` a worker of this process asks it about every proposal; default `on_request`.
   */
  readonly metaAgent?: { readonly model?: ChatModel; readonly advise?: 'on_request' | 'always' }
  /**
   * What answers for agents that review autonomously, by the id of the agent, in every workspace that this process opens:
   * a chat model, an endpoint, or rules. An agent reviews only while it is autonomous and trusted.
   */
  readonly reviewers?: Readonly<Record<string, ReviewerBinding>>
  /** What extends this governor, such as `learning()` of `@preceptor/learning`; every process on a database opens the same. */
  readonly plugins?: readonly GovernorPlugin[]
  /** Numbers to change; times in milliseconds. */
  readonly settings?: Partial<Settings>
  /** Told what the host's log should hold; default: process warnings. */
  readonly report?: (report: Report) => void
  /** Time, for tests; default: the system's. */
  readonly clock?: Clock
  /** For fault tests only. */
  readonly testing?: { readonly failpoint?: (name: FailpointName) => Promise<void> }
}

/** Options as they were found valid. */
export interface ParsedOptions
  extends Omit<GovernorOptions, 'settings' | 'workspaces' | 'scenarios' | 'runners' | 'rateLimits' | 'plugins'> {
  readonly settings: Settings
  readonly rateLimits: RateLimits
  readonly scenarios: readonly Scenario[]
  readonly runners: Readonly<Record<string, Trainee>>
  readonly workspaces: readonly string[]
  readonly plugins: readonly GovernorPlugin[]
}

const milliseconds = z.int().min(1).max(2_147_483_647)
const names = z.array(z.string().min(1).max(128)).max(100)

const origin = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, 'must be an origin')

const channel = z.custom<NotificationChannel>(
  isChannel,
  'must have a name of its own, kinds of events that there are, and send',
)

function isChannel(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('send' in value)) return false
  const { name, send } = value
  const events = 'events' in value ? value.events : undefined
  const isKnown = (kind: unknown): boolean => typeof kind === 'string' && isEventKind(kind)
  return (
    typeof name === 'string' &&
    /^[a-z0-9][a-z0-9_-]{0,62}$/.test(name) &&
    name !== WEBHOOKS &&
    typeof send === 'function' &&
    (events === undefined || (Array.isArray(events) && events.every(isKnown)))
  )
}

const chatModel = z.custom<object>(
  (model) => typeof model === 'object' && model !== null && 'invoke' in model,
  'must be a chat model',
)

const plugin = z.custom<GovernorPlugin>(
  (value) => typeof value === 'object' && value !== null && 'port' in value && 'open' in value,
  'must be a plugin',
)

const schema = z.strictObject({
  database: z
    .union([
      z.string().min(1),
      z.custom<Pool>((pool) => typeof pool === 'object' && pool !== null && 'connect' in pool),
    ])
    .optional(),
  dataFolder: z.string().min(1).optional(),
  memory: z.boolean().optional(),
  redis: z
    .string()
    .regex(/^rediss?:\/\//, 'must begin with redis:// or rediss://')
    .optional(),
  queueName: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,100}$/, 'must have 1 to 100 letters, digits, - and _')
    .optional(),
  actions: z
    .record(
      z.string(),
      z.custom<object>((action) => typeof action === 'object' && action !== null),
    )
    .optional(),
  workspaces: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/))
    .min(1)
    .max(100)
    .optional(),
  migrate: z.boolean().optional(),
  production: z.boolean().optional(),
  allowEmbeddedInProduction: z.boolean().optional(),
  jwt: z.custom<object>((jwt) => typeof jwt === 'object' && jwt !== null).optional(),
  scenarios: z.array(z.custom<object>((one) => typeof one === 'object' && one !== null)).optional(),
  runners: z
    .record(
      z.string().min(1).max(128),
      z.union([
        z.custom<object>((runner) => typeof runner === 'function', 'must be a function or an endpoint'),
        z.strictObject({ url: z.string().max(2_000), headers: z.record(z.string(), z.string()).optional() }),
      ]),
    )
    .optional(),
  grader: chatModel.optional(),
  metaAgent: z
    .strictObject({ model: chatModel.optional(), advise: z.enum(['on_request', 'always']).optional() })
    .optional(),
  reviewers: z
    .record(
      z.string().min(1).max(128),
      z.union([
        z.literal('rules'),
        z.strictObject({ model: chatModel }),
        z.strictObject({
          endpoint: z.strictObject({
            url: z.string().max(2_000),
            headers: z.record(z.string(), z.string()).optional(),
          }),
        }),
      ]),
    )
    .optional(),
  checkpoints: z.custom<object>((checkpoints) => typeof checkpoints === 'object' && checkpoints !== null).optional(),
  rateLimits: rateLimitOptions.optional(),
  plugins: z.array(plugin).max(20).optional(),
  sources: names.optional(),
  types: names.optional(),
  channels: z
    .array(channel)
    .max(20)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'two channels have the same name')
    .optional(),
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .max(1_000)
    .optional(),
  outbound: z.strictObject({ allow: z.array(origin).max(100).optional() }).optional(),
  settings: z.partialRecord(z.enum(Object.keys(DEFAULT_SETTINGS) as [keyof Settings]), milliseconds).optional(),
  report: z.custom<object>((report) => typeof report === 'function').optional(),
  clock: z.custom<object>((clock) => typeof clock === 'object' && clock !== null).optional(),
  testing: z.custom<object>((testing) => typeof testing === 'object' && testing !== null).optional(),
})

/**
 * Checks the options of a governor.
 *
 * @throws GovernanceError `OPTION_INVALID` naming each option that is wrong, or `EMBEDDED_IN_PRODUCTION`.
 */
export function parseOptions(options: GovernorOptions): ParsedOptions {
  const result = schema.safeParse(options)
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message, code, ...issue }) => {
      if (code === 'unrecognized_keys') return `unknown option ${'keys' in issue ? String(issue.keys) : ''}`
      return `option "${path.map(String).join('.')}": ${message}`
    })
    throw new GovernanceError('OPTION_INVALID', {
      message: `createGovernor: ${problems.join('; ')}.`,
      details: { problems },
    })
  }
  assertOneDatabase(options)
  assertOwnSecrets(options)
  if (options.jwt !== undefined) parseJwtOptions(options.jwt)
  if (options.checkpoints !== undefined) parseCheckpointOptions(options.checkpoints)
  const settings = { ...DEFAULT_SETTINGS, ...options.settings }
  const called = { allow: options.outbound?.allow ?? [], answerWithinMs: settings.trainingAnswerMs }
  return {
    ...options,
    settings,
    rateLimits: toRateLimits(options.rateLimits),
    runners: readTrainees(options.runners ?? {}, called),
    workspaces: options.workspaces ?? ['default'],
    scenarios: parseScenarios(options.scenarios ?? []),
    plugins: parsePlugins(options.plugins ?? []),
  }
}

/** In production a secret out of documentation is none. */
function assertOwnSecrets({ production, database, redis, runners = {}, reviewers = {} }: GovernorOptions): void {
  if (production !== true) return
  const addresses = [
    ['database', typeof database === 'string' ? passwordIn(database) : undefined],
    ['redis', redis === undefined ? undefined : passwordIn(redis)],
  ] as const
  const endpoints = [
    ...Object.entries(runners).map(([name, one]) => [`runners.${name}`, 'headers' in one ? one.headers : {}] as const),
    ...Object.entries(reviewers).map(([name, one]) => {
      const headers = typeof one === 'object' && 'endpoint' in one ? one.endpoint.headers : {}
      return [`reviewers.${name}`, headers] as const
    }),
  ]
  const wrong = [
    ...addresses.filter(([, password]) => password !== undefined && isSampleSecret(password)),
    ...endpoints.filter(([, headers = {}]) =>
      Object.entries(headers).some(([name, value]) => isSampleHeader(name, value)),
    ),
  ].map(([name]) => name)
  if (wrong.length === 0) return
  throw new GovernanceError('OPTION_INVALID', {
    message: `createGovernor: the secret in ${wrong.map((name) => `option "${name}"`).join(' and ')} is one out of documentation.`,
    hint: 'Make a random one: everybody tries those first.',
  })
}

function isSampleHeader(name: string, value: unknown): boolean {
  return /auth|key|token|secret|cookie/i.test(name) && typeof value === 'string' && isSampleSecret(value)
}

function passwordIn(address: string): string | undefined {
  const password = URL.canParse(address) ? new URL(address).password : ''
  return password === '' ? undefined : password
}

function assertOneDatabase({
  database,
  dataFolder,
  memory,
  production,
  allowEmbeddedInProduction,
}: GovernorOptions): void {
  const given = [
    database !== undefined && 'database',
    dataFolder !== undefined && 'dataFolder',
    memory === true && 'memory',
  ]
  const named = given.filter((name) => name !== false)
  if (named.length > 1) {
    const message = `createGovernor: options ${named.map((name) => `"${name}"`).join(' and ')} exclude each other.`
    throw new GovernanceError('OPTION_INVALID', { message })
  }
  if (production === true && database === undefined && allowEmbeddedInProduction !== true) {
    throw new GovernanceError('EMBEDDED_IN_PRODUCTION')
  }
}
