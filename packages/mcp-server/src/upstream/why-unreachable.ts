import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js'

/** Why a server cannot be reached. */
export interface Unreachable {
  readonly reason: 'command_missing' | 'ended' | 'no_protocol' | 'late' | 'refused' | 'no_answer' | 'other'
  readonly message: string
}

/** How a server is started or reached, as far as it says why neither goes. */
type Place = Command | { readonly url: string }
interface Command {
  readonly command: string
  readonly cwd?: string
}

/** A server that did not answer as it must. */
export interface FailedUpstream {
  readonly target: Place
  readonly cause: unknown
  /** What it printed that is no message of the protocol, the first first. */
  readonly strays: readonly string[]
}

/** Says in plain words why a server cannot be reached. */
export function whyUnreachable({ target, cause, strays }: FailedUpstream): Unreachable {
  const system = systemCode(cause)
  if ('command' in target && (system === 'ENOENT' || system === 'EACCES')) return missingCommand(target, system)
  if (strays.length > 0) return { reason: 'no_protocol', message: `it prints on standard output: ${strays[0]}` }
  if ('url' in target && system !== undefined)
    return { reason: 'no_answer', message: `nobody answers at ${withoutSecrets(target.url)} (${system})` }
  if (cause instanceof StreamableHTTPError) return answeredWith(cause)
  if (cause instanceof McpError && cause.code === ErrorCode.RequestTimeout)
    return { reason: 'late', message: 'it does not answer in time' }
  if (cause instanceof McpError && cause.code === ErrorCode.ConnectionClosed)
    return { reason: 'ended', message: 'it ends before it has answered' }
  return { reason: 'other', message: cause instanceof Error ? cause.message : String(cause) }
}

function missingCommand({ command, cwd }: Command, system: string): Unreachable {
  const where = cwd === undefined ? '' : `, or its folder ${cwd}`
  const message =
    system === 'EACCES'
      ? `the command ${JSON.stringify(command)} may not be run`
      : `there is no command ${JSON.stringify(command)}${where}`
  return { reason: 'command_missing', message }
}

function answeredWith({ code, message }: StreamableHTTPError): Unreachable {
  if (code === 401 || code === 403) return { reason: 'refused', message: `it refuses the key (${code})` }
  return { reason: 'no_protocol', message: `it speaks no Streamable HTTP there (${code ?? message})` }
}

/** Such as ENOENT: of the error, or of what caused it, as fetch has it. */
function systemCode(cause: unknown): string | undefined {
  for (let error: unknown = cause, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth += 1) {
    if ('code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)) return error.code
  }
  return undefined
}

/** An address may hold a password or a key. */
function withoutSecrets(address: string): string {
  const { origin, pathname } = new URL(address)
  return `${origin}${pathname}`
}
