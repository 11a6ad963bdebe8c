import { type InterventionRequest, type SupervisionSessionDetail, visibleText } from '@preceptor/client'
import { z } from 'zod'
import { cannotAsk, incomplete, LEFT } from '../person-at-client.ts'
import { declareTool, type Tool, type ToolCall } from '../tool.ts'
import { afterSession } from './next-step.ts'
import { supervisionSession } from './schemas.ts'

const STOPS = ['pause', 'terminate'] as const
const LETS_GO_ON = ['resume', 'correct'] as const
const LONGEST_TEXT = 1_000

const said = z.object({
  intervention: z.enum([...STOPS, ...LETS_GO_ON]),
  text: z.string().trim().max(LONGEST_TEXT).default(''),
})

/** Lets the person at the client intervene in a run that is watched. */
export const INTERVENE_SESSION: Tool = declareTool({
  name: 'intervene_session',
  title: 'Let the person intervene in a run',
  description:
    'Shows a supervised run to the person at this client and lets that person pause, terminate, resume or correct it. Call it when the person asks for it; you neither see the question nor decide.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({ id: z.string().min(1).max(200).describe('Id of the supervision session') }),
  output: z.strictObject({ outcome: z.enum(['decided', 'left']), session: supervisionSession, next: z.string() }),
  handle: async ({ id }, call) => {
    const session = await call.scope.sessions.get(id)
    if (session.endedAt !== null) return { outcome: 'left' as const, session, next: afterSession(session) }
    return ask(session, call)
  },
})

async function ask(
  session: SupervisionSessionDetail,
  { scope, person }: ToolCall,
): Promise<{ outcome: 'decided' | 'left'; session: SupervisionSessionDetail; next: string }> {
  if (person?.hasForms !== true) throw cannotAsk(`the session ${session.id}`)
  const offered = isGrave(session) ? STOPS : [...STOPS, ...LETS_GO_ON]
  const answer = await person.ask({
    mode: 'form',
    message: describe(session),
    requestedSchema: {
      type: 'object',
      properties: {
        intervention: { type: 'string', title: 'Intervention', enum: [...offered] },
        text: { type: 'string', title: 'Why, or what the run is told', maxLength: LONGEST_TEXT },
      },
      required: ['intervention'],
    },
  })
  if (answer.action !== 'accept') return { outcome: 'left', session, next: LEFT }
  const parsed = said.safeParse(answer.content)
  // A client may answer what was not offered.
  if (!parsed.success || !offered.some((one) => one === parsed.data.intervention)) {
    throw incomplete(`it is one of ${offered.join(', ')}`)
  }
  const changed = await scope.sessions.intervene(session.id, interventionOf(parsed.data))
  return { outcome: 'decided', session: changed, next: afterSession(changed) }
}

function interventionOf({ intervention, text }: z.output<typeof said>): InterventionRequest {
  if (intervention === 'terminate' || intervention === 'correct') {
    if (text === '') throw incomplete(`${intervention} needs a text`)
    return intervention === 'correct' ? { type: 'correct', guidance: text } : { type: 'terminate', reason: text }
  }
  return { type: intervention, ...(text !== '' && { reason: text }) }
}

/** A client could answer a form by itself: what is grave can be stopped by one, and goes on from the dashboard only. */
function isGrave({ steps }: SupervisionSessionDetail): boolean {
  return steps.some(({ risk, endedAt }) => endedAt === null && (risk === 'high' || risk === 'critical'))
}

function describe({ agent, action, state, steps }: SupervisionSessionDetail): string {
  const open = steps.filter(({ endedAt }) => endedAt === null)
  const lines = [
    `${agent} is ${state} with ${action}.`,
    ...open.map(
      (step) =>
        `Step ${step.action} (${step.risk} risk), ${step.state}: ${JSON.stringify(step.correctedArgs ?? step.args)}`,
    ),
  ]
  return visibleText(lines.join('\n'))
}
