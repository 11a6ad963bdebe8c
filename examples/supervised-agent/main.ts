import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Child, startChild } from '../child.ts'
import { openModel } from '../open-model.ts'
import { openBank } from './bank.ts'
import type { AgentOrder, AgentSaid, PlaneOrder, PlaneReady } from './messages.ts'
import { openScript } from './model.ts'
import { type Cast, findSession, GUIDANCE, playCorrected, playTerminated } from './story.ts'
import { openTerminal } from './terminal.ts'

const HELP = `Usage: node examples/supervised-agent/start.mjs [--scripted] [--json] [--help]

At a terminal you supervise; with --scripted, --json, or where there is no terminal, a script does.

Environment
  OPENAI_API_KEY   let a real model drive the agent; OPENAI_MODEL names it (default gpt-5-mini)
  OPENAI_BASE_URL  where it is reached
`
const FOLDER = join('.preceptor', 'supervised-agent')
const CHECK_MS = 50
// A person wants to read along.
const CHECK_BY_HAND_MS = 3_000
const TASK_BY_HAND = 'Refund order A1: 500 cents, order A2: 800 cents, order A3: 900 cents, order A4: 400 cents.'

const flags = readFlags()
const say = (line: string): void => void (flags.json ? process.stderr : process.stdout).write(`${line}\n`)
const children = new Set<Child<unknown>>()

if (flags.help) process.stdout.write(HELP)
else await main()

async function main(): Promise<void> {
  rmSync(FOLDER, { recursive: true, force: true })
  const { script, heard } = openScript()
  const model = await openModel(process.env, script)
  const isByHand = process.stdin.isTTY === true && process.stdout.isTTY === true && !flags.scripted && !flags.json
  const bank = await openBank({ checkMs: isByHand ? CHECK_BY_HAND_MS : CHECK_MS })
  try {
    const order = { dataFolder: join(FOLDER, 'data') } satisfies PlaneOrder
    const { port, keys } = await start<PlaneReady>('plane.js', order).said
    const plane = `http://127.0.0.1:${port}/api`
    const terminal = openTerminal({ url: plane, token: keys.supervisor }, say)
    const give = (task: string): Promise<AgentSaid> =>
      start<AgentSaid>('agent.js', {
        plane,
        key: keys.agent,
        model: model.access,
        task,
        bank: bank.url,
      } satisfies AgentOrder).said
    say(
      `Refund bot is supervised: each step of its runs waits until somebody watches. Its model is ${model.access.name}.`,
    )
    await terminal.run('presence', 'online')
    const cast = { terminal, bank, give, say }
    const outcome = isByHand ? await byHand(cast) : await byScript(cast)
    const { effects } = bank
    if (flags.json) process.stdout.write(`${JSON.stringify({ ...outcome, heard: heard(GUIDANCE), effects })}\n`)
    else say(`\nWhat the bank was asked for:\n${effects.map((effect) => JSON.stringify(effect)).join('\n')}`)
  } finally {
    for (const child of children) await child.end()
    await bank.close()
    await model.close()
  }
}

async function byScript(cast: Cast) {
  return { corrected: await playCorrected(cast), terminated: await playTerminated(cast) }
}

async function byHand({ terminal, give }: Cast): Promise<object> {
  // Ctrl-C is for the command that watches.
  process.on('SIGINT', () => undefined)
  const said = give(TASK_BY_HAND)
  said.catch(() => undefined)
  const session = await findSession(terminal)
  await terminal.watchByHand(session)
  const { endedAt } = await terminal.run('sessions', 'show', session)
  if (endedAt === null) {
    await terminal.run('sessions', 'terminate', session, '--reason', 'The example is over.').catch(() => undefined)
    return { session }
  }
  const ended = await said
  say(`The agent ${ended.ended === 'done' ? `says: ${ended.answer}` : `was stopped: ${ended.code}`}`)
  return { session, ended }
}

function start<Said>(file: 'agent.js' | 'plane.js', order: object): Child<Said> {
  const child = startChild<Said>(new URL(file, import.meta.url), order)
  children.add(child)
  return child
}

function readFlags() {
  const options = { json: { type: 'boolean' }, scripted: { type: 'boolean' }, help: { type: 'boolean' } } as const
  try {
    return parseArgs({ options }).values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${HELP}`)
    return process.exit(2)
  }
}
