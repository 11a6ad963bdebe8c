import { fileURLToPath } from 'node:url'
import { endProgram, makePlace, startProgram } from '../e2e/demo-process.ts'
import type { Stage } from './stage.ts'

const BIN = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))

const COMMANDS = [
  ['agents', 'list'],
  ['agents', 'list', '--json'],
  ['queue', 'list', '--json'],
  ['keys', 'list'],
  ['doctor', '--json'],
  ['journal', 'export'],
]

/** The command line, and a server of its own, in processes of their own. */
export async function runPrograms(stage: Stage, database: string): Promise<void> {
  const place = makePlace()
  const { canaries, sinks, keys } = stage
  const run = async (args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> => {
    const program = startProgram(place, { file: BIN, args, env })
    await program.ended
    sinks.add('output of programs', program.stdout())
    sinks.add('diagnostics of programs', program.stderr())
  }
  const environment = { SOME_SECRET: canaries.formless('environment') }
  const as = (name: string): NodeJS.ProcessEnv => ({
    ...environment,
    PRECEPTOR_URL: stage.api,
    PRECEPTOR_TOKEN: keys[name],
  })
  try {
    for (const command of COMMANDS) await run(command, as('ada'))
    for (const command of [
      ['journal', 'export', '--json'],
      ['sessions', 'list'],
    ])
      await run(command, as('vic'))
    const wrong = { ...as('ada'), PRECEPTOR_TOKEN: `pcp_wrongkey_${canaries.formless('wrong-token')}` }
    await run(['agents', 'list'], wrong)
    await run(['agents', 'get', canaries.known('cli-id')], as('ada'))
    const password = canaries.formless('database-password')
    await run(['db', 'status'], { DATABASE_URL: `postgres://someone:${password}@127.0.0.1:1/none` })
    await run(['serve'], {
      DATABASE_URL: database,
      REDIS_URL: `http://:${canaries.formless('redis-password')}@127.0.0.1:1`,
    })
    const url = new URL(database)
    url.searchParams.set('application_name', 'canary')
    const server = startProgram(place, {
      file: BIN,
      args: ['serve', '--port', '0'],
      env: { ...environment, DATABASE_URL: url.href },
    })
    const [, address = ''] = await server.waitFor(/^API\s+(http:\S+)\/api$/m)
    for (const path of [
      '/api/healthz',
      '/api/readyz',
      '/api/openapi.json',
      '/preceptor',
      `/api/agents?key=${canaries.known('url-of-server')}`,
    ]) {
      const response = await fetch(`${address}${path}`, {
        headers: { authorization: `Bearer ${canaries.formless('header-of-server')}` },
      })
      sinks.add('answers of the server', await response.text())
    }
    await endProgram(server, 'SIGTERM')
    sinks.add('output of programs', server.stdout())
    sinks.add('diagnostics of programs', server.stderr())
  } finally {
    await place.remove()
  }
}
