import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  GovernanceError,
  type Identity,
  type InterventionRequest,
  type JsonObject,
  type SessionOperations,
} from '@preceptor/client'
import type { Interference } from '../history.ts'
import type { Operation } from '../workload.ts'
import type { ControlPorts } from './controls.ts'
import { realTime } from './machine-clock.ts'
import { hashArgs } from './tool.ts'

const PAUSED_MS = 1_300

type Target = Pick<Interference, 'workspace' | 'session'>

/** Pauses, resumes, corrects or terminates one of the runs that are watched, and writes down what was answered. */
export async function intervene(
  ports: ControlPorts,
  { workspace, type, draw }: Extract<Operation, { readonly kind: 'intervene' }>,
): Promise<void> {
  const admin: Identity = { workspace, principal: { kind: 'user', id: 'root', roles: ['admin'] } }
  const { sessions } = ports.governor.as(admin)
  const session = await pick(sessions, type, draw).catch(() => undefined)
  if (session === undefined) return
  const target = { workspace, session }
  switch (type) {
    case 'correct':
      return correct(ports, sessions, target)
    case 'pause':
      if (!(await ask(ports, sessions, { target, request: { type } }))) return
      await sleep(PAUSED_MS)
      return void (await ask(ports, sessions, { target, request: { type: 'resume' } }))
    case 'resume':
      return void (await ask(ports, sessions, { target, request: { type } }))
    case 'terminate':
      return void (await ask(ports, sessions, { target, request: { type, reason: 'It goes astray.' } }))
    default:
      return type satisfies never
  }
}

async function pick(
  sessions: SessionOperations,
  type: Interference['type'],
  draw: number,
): Promise<string | undefined> {
  const { items } = await sessions.list({ state: 'active', limit: 50 })
  const fitting = items.filter(({ state }) => type !== 'resume' || state === 'paused' || state === 'pausing')
  return fitting[Math.floor(draw * fitting.length)]?.id
}

/** Says something to a run, and gives a step that waits other args. */
async function correct(ports: ControlPorts, sessions: SessionOperations, target: Target): Promise<void> {
  const guidance = randomUUID()
  const detail = await sessions.get(target.session).catch(() => undefined)
  const step = detail?.steps.find(({ state }) => state === 'waiting')
  if (step === undefined) {
    await ask(ports, sessions, { target, request: { type: 'correct', guidance } })
    return
  }
  const args = { ...step.args, by: guidance }
  await ask(ports, sessions, { target, request: { type: 'correct', guidance, args, step: step.id }, args })
}

interface Question {
  readonly target: Target
  readonly request: InterventionRequest
  readonly args?: JsonObject
}

async function ask(
  { process, log }: ControlPorts,
  sessions: SessionOperations,
  { target, request, args }: Question,
): Promise<boolean> {
  const id = randomUUID()
  const isCorrection = request.type === 'correct'
  const asked: Interference = {
    ...target,
    process,
    type: request.type,
    step: isCorrection ? (request.step ?? null) : null,
    argsHash: args === undefined ? null : hashArgs(args),
    guidance: isCorrection ? (request.guidance ?? null) : null,
    invokedAt: realTime(),
    answeredAt: null,
    code: null,
  }
  log({ line: 'interference', id, ...asked })
  let code: string | null = null
  try {
    await sessions.intervene(target.session, request)
  } catch (error) {
    code = GovernanceError.isInstance(error) ? error.code : 'thrown'
  }
  log({ line: 'interference', id, ...asked, answeredAt: realTime(), code })
  return code === null
}
