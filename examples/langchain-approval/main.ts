import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Child, startChild } from '../child.ts'
import { httpClient } from '../demo/http-client.ts'
import { openModel } from '../open-model.ts'
import type { AgentOrder, AgentSaid, PlaneOrder, PlaneReady } from './messages.ts'
import { script } from './model.ts'

const FOLDER = join('.preceptor', 'langchain-approval')
const isJson = process.argv.includes('--json')
const say = (line: string): void => void (isJson ? process.stderr : process.stdout).write(`${line}\n`)

rmSync(FOLDER, { recursive: true, force: true })
mkdirSync(FOLDER, { recursive: true })
const effects = join(FOLDER, 'effects.jsonl')
const model = await openModel(process.env, script)
const children = new Set<Child<unknown>>()
try {
  const outcome = await play()
  if (isJson) process.stdout.write(`${JSON.stringify(outcome)}\n`)
} finally {
  for (const child of children) await child.kill()
  await model.close()
}

async function play(): Promise<object> {
  const { port, keys, child: plane } = await startPlane({ port: 0, isFirst: true })
  if (keys === null) throw new Error('The control plane made no keys.')
  const address = `http://127.0.0.1:${port}/api`
  const order = { plane: address, key: keys.agent, model: model.access, question: 'Refund order 7: 500 cents.' }

  say('1  The agent is asked to refund order 7.')
  const asking = startAgent(order)
  const paused = await asking.said
  if (paused.state !== 'paused') throw new Error(`The agent did not ask: ${paused.answer}`)
  say(`   It may not do that by itself: it waits as ${paused.proposal}. Refunds so far: ${refunds().length}`)

  say('2  The agent and the control plane are killed (SIGKILL).')
  await Promise.all([asking.kill(), plane.kill()])

  say('3  The control plane is started again. Ana reads the proposal over HTTP and approves it.')
  await startPlane({ port, isFirst: false })
  const ana = httpClient(address, keys.person)
  const path = `/maturity/proposals/${paused.proposal}`
  const { version, actionHash, args } = await ana.require({ method: 'get', path })
  say(`   ${JSON.stringify(args)}, action hash ${String(actionHash).slice(0, 12)}…`)
  await ana.require({ method: 'post', path: `${path}/approve`, body: { version, actionHash } })
  say(`   Approved. Refunds so far: ${refunds().length}`)

  say('4  The agent is started again, finds its thread, and goes on.')
  const first = await startAgent(order).said
  say(`   ${first.state === 'done' ? first.answer : 'It waits on.'}`)
  say('5  And once more: the thread is done, and nothing runs again.')
  const second = await startAgent(order).said
  const { state } = await ana.require({ method: 'get', path })
  say(`   The proposal ${String(state)}. ${effects}: ${refunds().length} line\n${refunds().join('\n')}`)
  return { paused, first, second, state, refunds: refunds() }
}

async function startPlane(order: Omit<PlaneOrder, 'dataFolder'>) {
  const child = startChild<PlaneReady>(new URL('plane.js', import.meta.url), {
    ...order,
    dataFolder: join(FOLDER, 'data'),
  })
  children.add(child)
  return { ...(await child.said), child }
}

function startAgent(order: Omit<AgentOrder, 'thread' | 'effects'>): Child<AgentSaid> {
  const child = startChild<AgentSaid>(new URL('agent.js', import.meta.url), {
    ...order,
    effects,
    thread: join(FOLDER, 'thread'),
  })
  children.add(child)
  return child
}

function refunds(): readonly string[] {
  try {
    return readFileSync(effects, 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}
