import type { FleetAgent } from './fleet.ts'
import { type Answer, decisionIn, type HttpClient, type HttpRequest } from './http-client.ts'
import type { Log } from './log.ts'
import { SHOP_ACTIONS } from './shop-actions.ts'
import type { Step } from './steps.ts'

/** One governed request, with the decision that it was answered with put on the log. */
export async function attempt(client: HttpClient, log: Log, request: HttpRequest): Promise<Answer> {
  const answer = await client.send(request)
  const decision = decisionIn(answer)
  if (decision !== undefined) log.add(decision, { adapter: 'http', ran: hasRun(answer) })
  return answer
}

/** An answer of the handler; not one that was kept from an earlier run of the same attempt. */
function hasRun({ status, headers, body }: Answer): boolean {
  return status === 200 && 'result' in body && !headers.has('preceptor-replayed')
}

/** Lets an agent send its steps to the shop, one request after the other. */
export async function sendSteps(
  { client, log }: { readonly client: HttpClient; readonly log: Log },
  task: { readonly id: string; readonly agent: FleetAgent; readonly steps: readonly Step[] },
): Promise<void> {
  for (const [index, step] of task.steps.entries()) {
    await attempt(client, log, { ...requestOf(step), key: `${task.id}-http-${index + 1}` })
  }
}

/** The request that a step is. */
export function requestOf({ action, args }: Step): HttpRequest {
  const route = SHOP_ACTIONS.find((candidate) => candidate.action === action)
  if (route === undefined) throw new Error(`The shop has no action ${action}.`)
  const path = route.path.replace(':order', String(args.order))
  const inPath = new Set(Object.keys(route.params.shape))
  const body = Object.fromEntries(Object.entries(args).filter(([name]) => !inPath.has(name)))
  return { method: route.method, path: `/shop${path}`, ...(route.method === 'get' ? {} : { body }) }
}
