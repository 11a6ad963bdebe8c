import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { MultiServerMCPClient } from '@langchain/mcp-adapters'
import type { ControlScope } from '@preceptor/client'
import type { Agent } from './agent.ts'
import { taskOf } from './model.ts'

/** Who takes part, and where it is told. */
export interface Cast {
  readonly agent: Agent
  /** The client of the gateway. */
  readonly gateway: MultiServerMCPClient
  /** A client of the server itself, for comparison. */
  readonly bare: MultiServerMCPClient
  /** A supervisor, over HTTP. */
  readonly ana: ControlScope
  /** An administrator, over HTTP. */
  readonly ada: ControlScope
  readonly files: string
  readonly say: (line: string) => void
}

const BOT = 'file-bot'

/** Tells the story, and checks each step. */
export async function play(cast: Cast): Promise<object> {
  const tools = await compareTools(cast)
  const proposal = await playIntern(cast)
  const training = await playStudent(cast)
  await playAutonomous(cast)
  return { tools, proposal, training }
}

async function compareTools({ gateway, bare, say }: Cast): Promise<number> {
  say('1  The agent sees the tools of the server, as they are.')
  const [one, other] = await Promise.all([toolsOf(bare), toolsOf(gateway)])
  check(isDeepStrictEqual(one, other), 'The gateway lists what the server lists.')
  say(`   ${one.length} tools, and each is equal.`)
  return one.length
}

async function playIntern({ agent, ana, files, say }: Cast): Promise<object> {
  const path = join(files, 'hello.txt')
  const task = taskOf({ path, content: 'Hello.' })
  say(`2  The agent is an intern. It is asked: ${task}`)
  const { told } = await agent.ask(task)
  say(`   The model is told: ${told}`)
  check(/call the same tool again with exactly the same arguments/.test(told), 'The model is told what to do.')
  const [waiting, ...others] = await pendingOf(ana)
  check(waiting !== undefined && others.length === 0, 'One proposal waits.')
  check(!existsSync(path), 'Nothing was written.')
  say(`3  Ana reads ${JSON.stringify(waiting.args)}, action hash ${waiting.actionHash.slice(0, 12)}…, and approves.`)
  await ana.proposals.approve(waiting.id, { version: waiting.version, actionHash: waiting.actionHash })
  check(!existsSync(path), 'An approval alone writes nothing.')
  say('4  The agent is told to go on, and makes the identical call.')
  const { told: done } = await agent.ask('It was approved. Call the tool again as before.')
  say(`   The model is told: ${done}`)
  check(readFileSync(path, 'utf8') === 'Hello.', 'The file is there.')
  const { state } = await ana.proposals.get(waiting.id)
  check(state === 'succeeded', 'The proposal has succeeded.')
  say('5  The file is removed, and the agent makes the call once more: the approval was for one.')
  rmSync(path)
  await agent.ask('Call the tool again as before.')
  check(!existsSync(path), 'An approval is for one call.')
  const [again] = await pendingOf(ana)
  check(again !== undefined && again.id !== waiting.id, 'The call after it is a proposal of its own.')
  const { version, actionHash } = again
  await ana.proposals.reject(again.id, { version, actionHash, category: 'duplicate', reason: 'Once is enough.' })
  say(`   It waits as ${again.id}, and Ana rejects it.`)
  return { id: waiting.id, state, again: again.id }
}

async function playStudent({ agent, gateway, ada, ana, files, say }: Cast): Promise<string> {
  const path = join(files, 'student.txt')
  say('6  Ada demotes the agent: it is a student now.')
  await ada.agents.demote(BOT, 'student', 'It shall learn first.')
  const { told } = await agent.ask(taskOf({ path, content: 'I am back.' }))
  say(`   The model is told: ${told}`)
  check(/training/.test(told), 'A student is blocked, and trained.')
  check(!existsSync(path), 'Nothing was written.')
  check((await pendingOf(ana)).length === 0, 'Nothing waits.')
  const listing = await callOf(gateway, { name: 'list_directory', arguments: { path: files } })
  check(listing?.isError !== true, 'A student may do what Ada says is safe.')
  say('   What Ada says is safe it may do: it lists the folder.')
  return told
}

async function playAutonomous({ agent, ada, ana, gateway, bare, files, say }: Cast): Promise<void> {
  const path = join(files, 'done.txt')
  say('7  Ada promotes it, step by step, until it is autonomous.')
  for (const step of ['intern', 'supervised', 'autonomous']) {
    const { maturity } = await ada.agents.promote(BOT, `It has shown enough to be ${step}.`)
    check(maturity === step, `It is ${step}.`)
  }
  const { told } = await agent.ask(taskOf({ path, content: 'Done.' }))
  check(readFileSync(path, 'utf8') === 'Done.', 'It writes without being asked anything.')
  check((await pendingOf(ana)).length === 0, 'Nothing waits.')
  say(`   The model is told: ${told}`)
  const read = { name: 'read_text_file', arguments: { path } }
  const [one, other] = await Promise.all([callOf(bare, read), callOf(gateway, read)])
  check(isDeepStrictEqual(one, other), 'What the gateway answers is what the server answers.')
  say('   What the gateway answers is what the server answers, to the letter.')
}

async function toolsOf(client: MultiServerMCPClient): Promise<readonly object[]> {
  const server = await client.getClient('files')
  return (await server?.listTools())?.tools ?? []
}

async function callOf(
  client: MultiServerMCPClient,
  call: { readonly name: string; readonly arguments: Record<string, unknown> },
) {
  return (await client.getClient('files'))?.callTool(call)
}

async function pendingOf(ana: ControlScope) {
  const { items } = await ana.proposals.list({ state: 'pending' })
  return Promise.all(items.map(({ id }) => ana.proposals.get(id)))
}

/** @throws Error when a step of the story is not as it must be. */
function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`This does not hold: ${what}`)
}
