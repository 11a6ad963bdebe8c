import { GovernanceError } from '@preceptor/client'
import { issueAdministratorKey } from './keys.ts'
import { type DemoOptions, HELP, parseDemoOptions } from './options.ts'
import { toDocument, toText } from './report.ts'
import { type Demo, runDemo } from './run-demo.ts'

const FAILED = 1
const USAGE = 2
const WIDTH = 100

const progress = (line: string): void => void process.stderr.write(`demo: ${line}\n`)

/** The first signal that asks this process to end. */
const ended = new Promise<NodeJS.Signals>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
})

async function main(options: DemoOptions): Promise<number> {
  const running = runDemo(options, progress)
  const first = await Promise.race([running, ended])
  // What was interrupted in the middle of its work is resumed by the next start.
  if (typeof first === 'string') return first === 'SIGINT' ? 130 : 143
  await present(first, options)
  if (!options.once) progress(`${await ended}: closing`)
  await first.close()
  return 0
}

async function present({ outcome, address, system }: Demo, options: DemoOptions): Promise<void> {
  const text = options.json
    ? JSON.stringify(toDocument(outcome), null, 2)
    : toText(outcome, process.stdout.columns ?? WIDTH)
  await print(text)
  if (options.once) return
  const created = await issueAdministratorKey(system, { renew: options.newKey })
  const lines = ['', ...invitation(address, created?.secret), 'Stop               Ctrl+C'].join('\n')
  await print(lines, options.json ? process.stderr : process.stdout)
}

function invitation(address: string, secret: string | undefined): readonly string[] {
  const places = [
    `Dashboard          ${address}/dashboard`,
    `API                ${address}/api, described by ${address}/api/openapi.json`,
  ]
  if (secret === undefined) {
    return [...places, 'Administrator key  was shown by an earlier start; --new-key replaces it by another one']
  }
  return [
    ...places,
    `Administrator key  ${secret}`,
    '                   shown this once, valid for 90 days',
    `Try                curl -H 'Authorization: Bearer ${secret}' ${address}/api/agents`,
  ]
}

/** Resolves when the text has left this process. */
function print(text: string, stream: NodeJS.WriteStream = process.stdout): Promise<void> {
  return new Promise((resolve) => stream.write(`${text}\n`, () => resolve()))
}

async function fail(error: unknown, asJson: boolean): Promise<number> {
  const fault = GovernanceError.isInstance(error)
    ? { code: error.code, message: error.message, hint: error.hint }
    : { code: 'INTERNAL', message: error instanceof Error ? (error.stack ?? error.message) : String(error), hint: '' }
  if (asJson) await print(JSON.stringify({ error: fault }))
  progress(`${fault.code}: ${fault.message} ${fault.hint}`.trim())
  return fault.code === 'OPTION_INVALID' ? USAGE : FAILED
}

async function start(args: readonly string[]): Promise<number> {
  try {
    const options = parseDemoOptions(args, process.env)
    if (options !== undefined) return await main(options)
    await print(HELP.trimEnd())
    return 0
  } catch (error) {
    return fail(error, args.includes('--json'))
  }
}

process.exit(await start(process.argv.slice(2)))
