import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type ControlPlane, type ControlScope, connectGovernor } from '@preceptor/client'
import { type Child, startChild } from '../child.ts'
import type { ModelAccess } from '../open-model.ts'
import { askStudent } from './ask-student.ts'
import type { AgentOrder, AgentReady, PlaneAccess, PlaneOrder, PlaneReady, Student } from './messages.ts'
import { openModels } from './models.ts'
import { play } from './story.ts'

const HELP = `Usage: node examples/training/start.mjs [--json] [--model <name>] [--help]

Environment
  OPENAI_API_KEY   let a real model drive the first student; --model or OPENAI_MODEL names it (default gpt-5-mini)
  OPENAI_BASE_URL  where it is reached
`
const FOLDER = join('.preceptor', 'training')
// From the built file to the one beside the source.
const SCENARIOS = new URL('../../training/scenarios.json', import.meta.url)
// A busy machine is no fault here.
const PATIENT = { deadlineMs: 20_000 }

const flags = readFlags()
const say = (line: string): void => void (flags.json ? process.stderr : process.stdout).write(`${line}\n`)
const children = new Set<Child<unknown>>()
const planes = new Set<ControlPlane>()
const effects = join(FOLDER, 'effects.jsonl')

if (flags.help) process.stdout.write(HELP)
else await main(realModel(process.env))

async function main(real: ModelAccess | undefined): Promise<void> {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  const models = await openModels(real)
  try {
    const outcome = await playAll([
      { id: 'refund-bot', displayName: 'Refund bot', model: models.diligent },
      { id: 'hasty-bot', displayName: 'Hasty bot', model: models.hasty },
    ])
    if (flags.json) process.stdout.write(`${JSON.stringify(outcome)}\n`)
  } finally {
    for (const plane of planes) await plane.close()
    for (const child of children) await child.end()
    await models.close()
  }
}

async function playAll(students: readonly Student[]): Promise<object> {
  const secret = randomBytes(32).toString('base64url')
  const agents = start<AgentReady>('agent.js', { students, secret, effects } satisfies AgentOrder)
  const address = `http://127.0.0.1:${(await agents.said).port}`
  const order = { dataFolder: join(FOLDER, 'data'), students, agents: address, secret } satisfies PlaneOrder
  const { port, keys } = await start<PlaneReady>('plane.js', order).said
  const url = `http://127.0.0.1:${port}/api`
  agents.tell({ url, key: keys.agents } satisfies PlaneAccess)
  const administrator = await connect(url, keys.administrator)
  const { imported } = await administrator.scenarios.import(JSON.parse(readFileSync(SCENARIOS, 'utf8')))
  say(`Ada imports ${imported} scenarios of the shop over HTTP.`)
  const supervisor = await connect(url, keys.supervisor)
  const cast = {
    supervisor,
    say,
    ask: (student: string, task: string) => askStudent(address, { secret, student, task }),
  }
  const stories: Record<string, object> = {}
  for (const student of students) {
    say(`\n${student.displayName}, driven by ${describe(student.model)}`)
    stories[student.id] = await play(cast, student.id)
  }
  say(`\nRefunds in ${effects}: ${refunds().length}\n${refunds().join('\n')}`)
  return { imported, stories, refunds: refunds().map((line) => JSON.parse(line)) }
}

function readFlags() {
  const options = { json: { type: 'boolean' }, model: { type: 'string' }, help: { type: 'boolean' } } as const
  try {
    return parseArgs({ options }).values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${HELP}`)
    return process.exit(2)
  }
}

function start<Said>(file: 'agent.js' | 'plane.js', order: object): Child<Said> {
  const child = startChild<Said>(new URL(file, import.meta.url), order)
  children.add(child)
  return child
}

async function connect(url: string, token: string): Promise<ControlScope> {
  const plane = connectGovernor({ url, token, ...PATIENT })
  planes.add(plane)
  return plane.as(await plane.authenticate(token))
}

function realModel(env: NodeJS.ProcessEnv): ModelAccess | undefined {
  const { OPENAI_API_KEY: apiKey, OPENAI_MODEL: named = 'gpt-5-mini', OPENAI_BASE_URL: baseUrl = null } = env
  return apiKey ? { name: flags.model ?? named, apiKey, baseUrl } : undefined
}

function describe({ name }: ModelAccess): string {
  return name.startsWith('scripted') ? `${name}: no model, but a script behind a server that speaks like one` : name
}

function refunds(): readonly string[] {
  try {
    return readFileSync(effects, 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}
