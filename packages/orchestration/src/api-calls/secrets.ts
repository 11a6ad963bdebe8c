import { GovernanceError } from '@preceptor/client'
import { headerProblem, hiddenValues } from '@preceptor/core/plugin'
import type { HeaderValue } from './api-call-args.ts'

/** A secret that the host keeps for calls of workflows. */
export interface WorkflowSecret {
  /** The value, 8 to 4,096 characters that a header can carry, or what gives it for each call. */
  readonly value: string | (() => string | Promise<string>)
  /** Where it may be sent, such as `https://crm.example.com`: 1 to 20. */
  readonly origins: readonly string[]
}

/** Secrets by the names that workflows have for them. */
export type WorkflowSecrets = Readonly<Record<string, WorkflowSecret>>

/** Headers as they are sent, and the secrets in them. */
export interface FilledHeaders {
  readonly headers: Readonly<Record<string, string>>
  /** Every form in which the secrets may come back in a text. */
  readonly hidden: readonly string[]
}

/** Fills secrets into headers. */
export interface SecretKeeper {
  /** @throws GovernanceError `SECRET_UNKNOWN` for one that is not kept, or not for this origin. */
  fill(headers: Readonly<Record<string, HeaderValue>>, target: SecretTarget): Promise<FilledHeaders>
}

/** Where headers go. */
export interface SecretTarget {
  readonly origin: string
  readonly signal: AbortSignal
}

const NAME = /^[A-Za-z][\w.-]{0,99}$/
const MOST_ORIGINS = 20
const SHORTEST = 8
const LONGEST = 4_096

/**
 * Keeps the secrets of the host.
 *
 * @throws GovernanceError `OPTION_INVALID` naming the secret, and never showing it.
 */
export function keepSecrets(secrets: WorkflowSecrets = {}): SecretKeeper {
  const kept = new Map(Object.entries(secrets))
  for (const [name, secret] of kept) assertSecret(name, secret)
  return {
    async fill(headers, { origin, signal }) {
      const used: string[] = []
      const filled: [string, string][] = []
      for (const [name, header] of Object.entries(headers)) {
        if (typeof header === 'string') {
          filled.push([name.toLowerCase(), header])
          continue
        }
        const { $secret, prefix = '' } = header
        const secret = kept.get($secret)
        if (secret === undefined || !secret.origins.includes(origin)) throw unknown($secret, origin)
        const value = await secretValue($secret, secret, signal)
        used.push(value, ...formsOf(value, prefix))
        filled.push([name.toLowerCase(), `${prefix}${value}`])
      }
      return {
        headers: Object.fromEntries(filled),
        hidden: hiddenValues({ args: { used }, sensitive: [['used']] }),
      }
    },
  }
}

/** Who gets a secret may give it back in another form. */
function formsOf(value: string, prefix: string): readonly string[] {
  // Headers carry one byte a character.
  const encoded = Buffer.from(value, 'latin1').toString('base64')
  if (!/^basic\s/i.test(prefix)) return [encoded]
  const pair = Buffer.from(value, 'base64').toString('utf8')
  return [encoded, pair, pair.slice(pair.indexOf(':') + 1)]
}

async function secretValue(name: string, { value }: WorkflowSecret, signal: AbortSignal): Promise<string> {
  const given = typeof value === 'function' ? await askFor(name, value, signal) : value
  if (isSecret(given)) return given
  throw new GovernanceError('SECRET_UNKNOWN', { message: `What the host gave as the secret "${name}" is none.` })
}

async function askFor(name: string, ask: () => unknown, signal: AbortSignal): Promise<unknown> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  // Whoever waits for it is told by the other promise.
  aborted.catch(() => undefined)
  try {
    return await Promise.race([ask(), aborted])
  } catch {
    if (signal.aborted) throw signal.reason
    // What it threw may hold what it keeps.
    throw new GovernanceError('SECRET_UNKNOWN', { message: `The host could not give the secret "${name}".` })
  }
}

function isSecret(value: unknown): value is string {
  const isText = typeof value === 'string' && value.length >= SHORTEST && value.length <= LONGEST
  return isText && headerProblem('authorization', value) === undefined
}

function assertSecret(name: string, secret: WorkflowSecret): void {
  const { value, origins } = secret
  if (!NAME.test(name)) throw invalid(name, 'the name must be a letter and at most 99 letters, digits or ._-')
  if (typeof value !== 'function' && !isSecret(value)) {
    throw invalid(name, `value must be ${SHORTEST} to ${LONGEST} characters that a header can carry, or a function`)
  }
  const isListed = Array.isArray(origins) && origins.length > 0 && origins.length <= MOST_ORIGINS
  if (!isListed || !origins.every(isOrigin)) {
    throw invalid(name, `origins must be 1 to ${MOST_ORIGINS} origins such as https://crm.example.com`)
  }
}

function isOrigin(text: unknown): boolean {
  if (typeof text !== 'string' || !URL.canParse(text)) return false
  const { origin, protocol } = new URL(text)
  return origin === text && (protocol === 'https:' || protocol === 'http:')
}

function unknown(name: string, origin: string): GovernanceError {
  return new GovernanceError('SECRET_UNKNOWN', { message: `The host keeps no secret "${name}" for ${origin}.` })
}

function invalid(name: string, problem: string): GovernanceError {
  return new GovernanceError('OPTION_INVALID', { message: `secrets.${name.slice(0, 80)}: ${problem}.` })
}
