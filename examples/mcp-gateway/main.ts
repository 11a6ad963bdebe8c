import { mkdirSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type ControlPlane, connectGovernor } from '@preceptor/client'
import { type Child, startChild } from '../child.ts'
import { openModel } from '../open-model.ts'
import { openAgent } from './agent.ts'
import { classify } from './classify.ts'
import { fileServer, openClient, preceptor } from './gateway.ts'
import type { PlaneOrder, PlaneReady } from './messages.ts'
import { script } from './model.ts'
import { play } from './story.ts'

const FOLDER = join('.preceptor', 'mcp-gateway')
const isJson = process.argv.includes('--json')
const say = (line: string): void => void (isJson ? process.stderr : process.stdout).write(`${line}\n`)

rmSync(FOLDER, { recursive: true, force: true })
mkdirSync(join(FOLDER, 'files'), { recursive: true })
// The server of files says no to what is reached through a link.
const files = realpathSync(join(FOLDER, 'files'))
const catalogue = join(FOLDER, 'preceptor.tools.json')
/** Ends what was started, the last first. */
const closings: (() => Promise<unknown>)[] = []
try {
  const outcome = await main()
  if (isJson) process.stdout.write(`${JSON.stringify(outcome)}\n`)
  else say('\nEverything held.')
} finally {
  for (const close of closings.reverse()) await close()
}

async function main(): Promise<object> {
  const model = await openModel(process.env, script)
  closings.push(() => model.close())
  const child: Child<PlaneReady> = startChild(new URL('plane.js', import.meta.url), {
    dataFolder: join(FOLDER, 'data'),
  } satisfies PlaneOrder)
  closings.push(() => child.end())
  const server = fileServer(files)
  say(
    `The server of files has ${files}. Its tools are listed, with a guess at the risk of each, and Ada looks at them.`,
  )
  const [{ port, keys }] = await Promise.all([child.said, classify({ server, catalogue, say })])
  const url = `http://127.0.0.1:${port}/api`
  const bare = openClient(server)
  closings.push(() => bare.close())
  const gateway = openClient(
    preceptor(
      'mcp',
      'proxy',
      '--agent',
      'file-bot',
      '--name',
      'files',
      '--catalogue',
      catalogue,
      '--',
      ...lineOf(server),
    ),
    { PRECEPTOR_URL: url, PRECEPTOR_TOKEN: keys.gateway },
  )
  closings.push(() => gateway.close())
  const agent = await openAgent(model.access, await gateway.getTools())
  const [ana, ada] = await Promise.all([connect(url, keys.supervisor), connect(url, keys.administrator)])
  return play({ agent, gateway, bare, ana, ada, files, say })
}

function lineOf({ command, args }: ReturnType<typeof fileServer>): readonly string[] {
  return [command, ...args]
}

async function connect(url: string, token: string) {
  // A busy machine is no fault here.
  const plane: ControlPlane = connectGovernor({ url, token, deadlineMs: 20_000 })
  closings.push(() => plane.close())
  return plane.as(await plane.authenticate(token))
}
