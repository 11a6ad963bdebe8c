import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { GovernanceError, redactText } from '@preceptor/client'
import type { UpstreamTarget } from '@preceptor/mcp-server'
import { type Finding, ok } from '../doctor/check.ts'
import { checkNode } from '../doctor/local-checks.ts'
import { expandVariables, type Surroundings } from './expand-variables.ts'

/** A server as an assistant is told of it, and where its variables are taken from. */
export interface ConfiguredServer {
  readonly name: string
  readonly entry: unknown
  readonly surroundings: Surroundings
  readonly deadlineMs: number
}

const ADVICE: Readonly<Record<string, string>> = {
  command_missing:
    'Install it, or write the absolute path of the command: an assistant may have another PATH than a shell.',
  ended: 'Run its command by hand, and read what it prints.',
  no_protocol: 'Standard output is for messages of the protocol alone: let it print to standard error.',
  late: 'What npx must fetch first takes longer once; else run its command by hand. See --timeout-seconds.',
  refused: 'Give it another key.',
  no_answer: 'Start it, or correct the address.',
}

/** Starts a server as an assistant would, lists its tools, and ends it. */
export async function checkServer({ name, entry, surroundings, deadlineMs }: ConfiguredServer): Promise<Finding> {
  const { value, missing, asked } = expandVariables(entry, surroundings)
  if (missing.length > 0) {
    const advice = 'Set it where the assistant is started.'
    return { state: 'failed', message: `It needs ${missing.join(', ')} from the environment, which has none.`, advice }
  }
  if (asked.length > 0)
    return { state: 'skipped', message: `not started: the assistant asks you for ${asked.join(', ')}` }
  // Loaded here, because no other command needs it.
  const { parseServers } = await import('@preceptor/mcp-server')
  const target = parseServers({ mcpServers: { [name]: value } })[name]
  if (target === undefined) return { state: 'failed', message: 'There is no such server.' }
  return (await nodeProblem(target, deadlineMs)) ?? look(name, target, deadlineMs)
}

async function look(name: string, target: UpstreamTarget, deadlineMs: number): Promise<Finding> {
  const { lookAtUpstream } = await import('@preceptor/mcp-server')
  let printed = ''
  const onPrinted = (text: string): void => {
    printed = (printed + text).slice(-2_000)
  }
  try {
    const { facts, tools, strays } = await lookAtUpstream(name, target, { deadlineMs, onPrinted })
    const message = `${facts.info.name} ${facts.info.version}, ${tools.length} ${tools.length === 1 ? 'tool' : 'tools'}`
    if (strays.length > 0) return failed(`It prints on standard output: ${strays[0]}`, 'no_protocol')
    if (isGoverned(target)) return ok(message)
    return { state: 'warning', message: `${message}, not behind the gate`, advice: 'See "preceptor mcp proxy --help".' }
  } catch (error) {
    if (!GovernanceError.isInstance(error)) throw error
    const last = printed.trimEnd().split('\n').at(-1) ?? ''
    const said = last === '' ? '' : ` It printed: ${redactText(last)}`
    return failed(`${error.message}${said}`, String(error.details?.reason), error.code)
  }
}

function failed(message: string, reason: string, code?: string): Finding {
  const advice = ADVICE[reason]
  return { state: 'failed', message, ...(advice !== undefined && { advice }), ...(code !== undefined && { code }) }
}

const OWN_PROGRAM = /^@preceptor\/cli(@.*)?$|(^|[\\/])preceptor(\.js|\.cmd)?$|[\\/]cli[\\/]dist[\\/]bin\.js$/

/** Whether what is started is this program. */
function isGoverned(target: UpstreamTarget): boolean {
  if ('url' in target) return false
  const line = [target.command, ...(target.args ?? [])]
  return line.some((word, index) => OWN_PROGRAM.test(word) && line[index + 1] === 'mcp')
}

/** An assistant may start this program with another Node than that of the shell. */
async function nodeProblem(target: UpstreamTarget, deadlineMs: number): Promise<Finding | undefined> {
  if (!isGoverned(target) || !('command' in target) || !/(^|[\\/])node(\.exe)?$/.test(target.command)) return undefined
  const env = { ...process.env, ...target.env }
  const run = promisify(execFile)(target.command, ['--version'], { timeout: deadlineMs, env })
  const version = await run.then(({ stdout }) => stdout.trim().replace(/^v/, '')).catch(() => undefined)
  if (version === undefined) return undefined
  const finding = checkNode(version)
  return finding.state === 'ok' ? undefined : finding
}
