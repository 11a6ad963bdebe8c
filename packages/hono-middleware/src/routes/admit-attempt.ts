import type { HostPlane, Identity, JsonValue } from '@preceptor/client'
import type { ApiRoute } from './api-route.ts'

const ATTEMPTS = new Set(['triggers.decide', 'triggers.check', 'decisions.report'])

/**
 * Counts what a request attempts for agents, one by one; what comes in a batch counts as so many requests.
 *
 * @throws GovernanceError `RATE_LIMITED`
 */
export async function admitAttempts(
  governor: HostPlane,
  { operation }: Pick<ApiRoute, 'operation'>,
  { identity, body }: { readonly identity: Identity; readonly body: JsonValue },
): Promise<void> {
  if (governor.admit === undefined || !ATTEMPTS.has(operation)) return
  const triggers = fieldOf(body, 'triggers')
  const attempts: readonly unknown[] = Array.isArray(triggers)
    ? triggers.slice(0, MOST_IN_BATCH)
    : [fieldOf(body, 'trigger') ?? body]
  const { principal } = identity
  for (const [index, attempt] of attempts.entries()) {
    if (index > 0) await governor.admit({ identity })
    const agent = fieldOf(attempt, 'agent') ?? (principal.kind === 'agent' ? principal.id : undefined)
    if (typeof agent === 'string' && agent.length <= LONGEST_AGENT) await governor.admit({ identity, agent })
  }
}

// Larger ones are refused as they are.
const MOST_IN_BATCH = 100
const LONGEST_AGENT = 128

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined
}
