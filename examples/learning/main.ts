import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type ControlPlane, type ControlScope, connectGovernor } from '@preceptor/client'
import { startChild } from '../child.ts'
import { refundRules } from '../refund-rules.ts'
import { type RuleServer, startRuleServer } from '../rule-server.ts'
import { makeAgent } from './agent.ts'
import { check, leaveOneOut, type Shown } from './check.ts'
import { LESSONS, UNSEEN } from './lessons.ts'
import type { PlaneOrder, PlaneReady } from './messages.ts'
import { askAll, type Cast, rollBack, teach } from './story.ts'

const FOLDER = join('.preceptor', 'learning')
// From the built file to the one beside the source.
const EARLIER = new URL('../../learning/earlier-corrections.jsonl', import.meta.url)
const COUNTER = 'counter-proof'

const isJson = process.argv.includes('--json')
const say = (line: string): void => void (isJson ? process.stderr : process.stdout).write(`${line}\n`)
const planes = new Set<ControlPlane>()

rmSync(FOLDER, { recursive: true, force: true })
mkdirSync(FOLDER, { recursive: true })
const model = await startRuleServer({ rules: refundRules() })
const plane = startChild<PlaneReady>(new URL('plane.js', import.meta.url), {
  dataFolder: join(FOLDER, 'data'),
  model: model.url,
  workspaces: ['default', COUNTER],
} satisfies PlaneOrder)
try {
  const shown = await show(await plane.said)
  const findings = check(shown)
  for (const { name, holds } of findings) say(`   ${holds ? 'yes' : 'NO '}  ${name}`)
  if (isJson) process.stdout.write(`${JSON.stringify({ ...shown, findings })}\n`)
  if (findings.some(({ holds }) => !holds)) process.exitCode = 1
} finally {
  for (const connected of planes) await connected.close()
  await plane.end()
  await model.close()
}

async function show(ready: PlaneReady): Promise<Shown> {
  const earlier = readFileSync(EARLIER, 'utf8')
  const cast = await castOf(ready, 'default')
  say('1  The agent is asked three questions.')
  const before = await watched(model, () => askAll(cast, LESSONS))
  say('2  Sue corrects it.')
  const learned = await teach(cast, { earlier, lessons: LESSONS })
  say('3  It is asked the same, then another question on what was corrected.')
  const after = await watched(model, () => askAll(cast, LESSONS))
  const unseen = await askAll(cast, [UNSEEN])
  say('   The same agent without the middleware:')
  const withoutMiddleware = await askAll({ ...cast, ask: makeAgent(model.url, null) }, LESSONS)
  say('4  Sue rolls the version back.')
  await rollBack(cast, learned.run.playbook?.id ?? '')
  const rolledBack = await watched(model, () => askAll(cast, LESSONS))
  say('5  Counter-proof: in another workspace the last of the three corrections is left out.')
  const withoutCorrection = await leaveOneOut(await castOf(ready, COUNTER), earlier)
  say('6  What must hold:')
  const rulesInPrompt = { before: before.rules, after: after.rules, rolledBack: rolledBack.rules }
  const answers = { before: before.result, after: after.result, rolledBack: rolledBack.result }
  return { learned, unseen, withoutMiddleware, withoutCorrection, rulesInPrompt, ...answers }
}

async function castOf({ port, keys }: PlaneReady, workspace: string): Promise<Cast> {
  const url = `http://127.0.0.1:${port}/api`
  const own = keys[workspace]
  if (own === undefined) throw new Error(`There are no keys of the workspace ${workspace}.`)
  const { plane: reading } = await connect(url, own.agent)
  const { scope: supervisor } = await connect(url, own.supervisor)
  const { scope: administrator } = await connect(url, own.administrator)
  return { supervisor, administrator, ask: makeAgent(model.url, reading, workspace), say }
}

async function connect(url: string, token: string): Promise<{ plane: ControlPlane; scope: ControlScope }> {
  // A busy machine is no fault here.
  const connected = connectGovernor({ url, token, deadlineMs: 20_000 })
  planes.add(connected)
  return { plane: connected, scope: connected.as(await connected.authenticate(token)) }
}

/** Tells, for each lesson, whether its rule stood in what the model was asked meanwhile. */
async function watched<Result>(server: RuleServer, act: () => Promise<Result>) {
  server.forgetCalls()
  const result = await act()
  const asked = server.calls.map(({ prompt }) => `${prompt.before}\n${prompt.user}`.toLowerCase())
  return { result, rules: LESSONS.map(({ instruction }) => asked.some((text) => text.includes(instruction))) }
}
