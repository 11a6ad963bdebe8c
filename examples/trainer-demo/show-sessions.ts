import type { LearningSession } from '@preceptor/learning'
import { FORM_TASK, FORMS, SCENARIOS, type Scenario } from './scenarios.ts'
import type { Row, Stage } from './stage.ts'

/** The six scenarios, each a session by the strategy of its type; then one of them without its correction. */
export async function showSessions(stage: Stage): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const scenario of SCENARIOS) rows.push(sessionRow(scenario, await start(stage, scenario)))
  const [first] = SCENARIOS
  if (first === undefined) throw new Error('There are no scenarios.')
  const { agentType, format, task, original } = first
  const bare = { agentType, format, context: task, originalResponse: original }
  const unchanged = await stage.operations.sessions.start(bare)
  const result = `${unchanged.improvement ?? 'no'} points`
  const holds = unchanged.state === 'completed' && unchanged.improvement === 0
  return [...rows, { part: 'counter-proof', what: `${agentType} without its correction`, result, holds }]
}

/** Starts the session of a scenario. */
function start({ operations }: Stage, scenario: Scenario): Promise<LearningSession> {
  const { agentType, format, task, original, correction } = scenario
  return operations.sessions.start({ agentType, format, context: task, originalResponse: original, correction })
}

function sessionRow({ agentType, format, improved, criterion }: Scenario, session: LearningSession): Row {
  const { before, after, improvement, improvedResponse, strategy } = session
  const [from, to] = [before, after].map((score) => (score?.state === 'scored' ? score.score : Number.NaN))
  const isRated = after?.state === 'scored' && criterion in after.criteria
  const holds = strategy === agentType && improvedResponse === improved && isRated && (improvement ?? 0) > 0
  const result = `${from} to ${to}: ${improvement} points, rated for ${criterion}`
  return { part: 'session', what: `${agentType} as ${format}`, result, holds }
}

/** One question in each of the five forms: what is asked, what is kept of the answer, and what is checked. */
export async function showFormats({ operations, model }: Stage): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const { format, instruction, kept, check } of FORMS) {
    model.forgetCalls()
    const session = await operations.sessions.start({
      agentType: 'generic',
      format,
      context: FORM_TASK,
      originalResponse: 'Nothing.',
      correction: 'The order number is enough.',
    })
    const { improvedResponse, after } = session
    const isAsked = model.calls.some(({ prompt }) => prompt.user.includes(`# Format\n${instruction}`))
    const found = after?.checks.find(({ name }) => name === check)
    const result = `${JSON.stringify(improvedResponse?.split('\n')[0])}, ${check}: ${found?.passed ? 'passed' : 'not'}`
    const holds = isAsked && improvedResponse === kept && found?.passed === true
    rows.push({ part: 'format', what: format, result, holds })
  }
  return rows
}

/** The six sessions once more: the calls that the model gets are counted at the model. */
export async function showCache(stage: Stage): Promise<readonly Row[]> {
  const { operations, model } = stage
  const cacheNow = async () => (await operations.analytics.statistics()).cache
  const before = await cacheNow()
  model.forgetCalls()
  const again: LearningSession[] = []
  for (const scenario of SCENARIOS) again.push(await start(stage, scenario))
  const after = await cacheNow()
  const [hits, misses] = [after.hits - before.hits, after.misses - before.misses]
  const asked = hits + misses
  const rate = 1 - model.calls.length / asked
  const isSame = again.every(({ improvedResponse }, index) => improvedResponse === SCENARIOS[index]?.improved)
  const result = `${asked} calls, ${model.calls.length} reached the model: hit rate ${rate.toFixed(2)}`
  const holds = asked === SCENARIOS.length * CALLS_OF_A_SESSION && model.calls.length === 0 && misses === 0 && isSame
  return [{ part: 'cache', what: 'the six sessions again', result, holds }]
}

// It is improved once, and rated before and after.
const CALLS_OF_A_SESSION = 3
