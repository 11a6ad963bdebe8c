import { readFileSync } from 'node:fs'
import { makeAgent } from '../learning/agent.ts'
import { LESSONS } from '../learning/lessons.ts'
import { teach } from '../learning/story.ts'
import { FORMS, SCENARIOS } from './scenarios.ts'
import type { Row, Stage } from './stage.ts'

const TYPE = 'ticketing'
// Its sessions come out differently, and none of them is followed by a leap.
const PREDICTED = 'generic'
// From the built file to the one beside the source.
const EARLIER = new URL('../../learning/earlier-corrections.jsonl', import.meta.url)

/** Statistics, a prediction with its interval, the dashboard, health and the export. */
export async function showAnalytics({ operations: { analytics, sessions } }: Stage): Promise<readonly Row[]> {
  const { types } = await analytics.statistics()
  const prediction = await analytics.predict(PREDICTED)
  const dashboard = await analytics.dashboard(TYPE)
  const health = await analytics.health()
  const { items: own } = await sessions.list({ agentType: TYPE, limit: 100 })
  const of = types.find(({ agentType }) => agentType === TYPE)
  const known = SCENARIOS.filter(({ agentType }) => types.some((type) => type.agentType === agentType))
  const lines = await exported(analytics)
  const improvements = own.map(({ improvement }) => improvement ?? Number.NaN)
  const mean = improvements.reduce((sum, value) => sum + value, 0) / improvements.length
  const predicted = prediction.state === 'predicted' ? prediction : null
  const [low = Number.NaN, high = Number.NaN] = predicted?.interval ?? []
  const isWithin = predicted !== null && low <= predicted.mean && predicted.mean <= high && low < high
  const rate = of?.successRate
  return [
    {
      part: 'statistics',
      what: `${types.length} types`,
      result: `${TYPE}: ${of?.sessions} sessions, ${of?.meanImprovement?.toFixed(1)} points, success rate ${rate?.toFixed(2)}`,
      holds: known.length === SCENARIOS.length && Math.abs((of?.meanImprovement ?? Number.NaN) - mean) < 0.01,
    },
    {
      part: 'prediction',
      what: `${PREDICTED}, ${predicted?.direction}`,
      result: `${predicted?.mean.toFixed(1)} points, ${low.toFixed(1)} to ${high.toFixed(1)} at ${predicted?.level}`,
      holds: isWithin && predicted.factors.some(({ name, value }) => name === 'sample_size' && value === FORMS.length),
    },
    {
      part: 'dashboard',
      what: TYPE,
      result: `${dashboard.recent.length} recent sessions, ${dashboard.adaptations.length} adaptation`,
      holds: dashboard.recent[0]?.id === own[0]?.id && dashboard.adaptations.length === 1,
    },
    {
      part: 'health',
      what: Object.keys(health.checks).join(', '),
      result: health.ready ? 'ready' : JSON.stringify(health.checks),
      holds: health.ready,
    },
    {
      part: 'export',
      what: 'JSON lines',
      result: Object.entries(lines)
        .map(([kind, count]) => `${count} ${kind}`)
        .join(', '),
      holds: Object.keys(lines).length >= 3,
    },
  ]
}

/** How many lines of each kind there are. */
async function exported(analytics: Stage['operations']['analytics']): Promise<Readonly<Record<string, number>>> {
  let text = ''
  for await (const part of await analytics.export()) text += part
  const kinds = text
    .split('\n')
    .filter(Boolean)
    .map((line): string => JSON.parse(line).kind)
  return Object.fromEntries([...new Set(kinds)].map((kind) => [kind, kinds.filter((one) => one === kind).length]))
}

/** What people corrected becomes a version that is tested, deployed, and read by an agent of LangChain. */
export async function showDeployment({ scope, operations, reading, model }: Stage): Promise<readonly Row[]> {
  const ask = makeAgent(model.url, reading)
  const cast = { supervisor: scope, administrator: scope, ask, say: () => undefined }
  const { run } = await teach(cast, { earlier: readFileSync(EARLIER, 'utf8'), lessons: LESSONS })
  const effective = await scope.playbooks.effective({ agentType: run.agentType })
  const answers = await Promise.all(LESSONS.map(async ({ question, right }) => (await ask(question)) === right))
  const { types } = await operations.analytics.statistics()
  const rate = types.find(({ agentType }) => agentType === run.agentType)?.deploymentRate
  const isInUse = effective !== null && effective.playbook === run.playbook?.id
  return [
    {
      part: 'deployment',
      what: `playbook of ${run.agentType}`,
      result: run.deployment?.reason ?? 'none',
      holds: run.deployment?.deployed === true && isInUse && rate === 1,
    },
    {
      part: 'deployment',
      what: 'the agent asked anew',
      result: `${answers.filter(Boolean).length} of ${answers.length} answers are right`,
      holds: answers.every(Boolean),
    },
  ]
}
