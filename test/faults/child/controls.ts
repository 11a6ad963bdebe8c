import { createHash, randomUUID } from 'node:crypto'
import { GovernanceError, type Identity, MATURITIES } from '@preceptor/client'
import type { EmbeddedGovernor } from '@preceptor/core'
import type { Control, OnceAnswer, Work } from '../history.ts'
import type { Operation } from '../workload.ts'
import type { Append } from './log.ts'
import { realTime } from './machine-clock.ts'

/** What controls stand on. */
export interface ControlPorts {
  readonly process: string
  readonly governor: EmbeddedGovernor
  readonly log: Append
}

type ControlDraft = Pick<Control, 'workspace' | 'kind' | 'agent' | 'everywhere' | 'stop'>

/**
 * Writes down that something was asked for before it is, and what was answered after it; an entry without an answer may
 * or may not have happened.
 */
export async function control(
  { process, log }: Pick<ControlPorts, 'process' | 'log'>,
  draft: ControlDraft,
  act: () => Promise<Partial<Pick<Control, 'stop' | 'maturity'>>>,
): Promise<void> {
  const id = randomUUID()
  const asked: Control = { ...draft, process, maturity: null, invokedAt: realTime(), answeredAt: null, code: null }
  log({ line: 'control', id, ...asked })
  try {
    const answer = await act()
    log({ line: 'control', id, ...asked, ...answer, answeredAt: realTime() })
  } catch (error) {
    const code = GovernanceError.isInstance(error) ? error.code : 'thrown'
    log({ line: 'control', id, ...asked, answeredAt: realTime(), code })
  }
}

const admin = (workspace: string): Identity => ({
  workspace,
  principal: { kind: 'user', id: 'root', roles: ['admin'] },
})

/** Stops, pauses or demotes. */
export async function takeControl(
  ports: ControlPorts,
  operation: Extract<Operation, { readonly kind: 'demote' | 'incident' | 'pause' | 'stop' | 'set-stop' }>,
): Promise<void> {
  const { workspace, agent, kind } = operation
  const scope = ports.governor.as(admin(workspace))
  const base = { workspace, agent, everywhere: false, stop: null }
  switch (kind) {
    case 'pause':
    case 'stop':
      return control(ports, { ...base, kind }, async () => {
        await scope.agents[kind](agent, 'It is told to halt.')
        return {}
      })
    case 'incident':
      return control(ports, { ...base, kind }, async () => {
        const { maturity } = await scope.agents.recordIncident(agent, 'It did what it must not.')
        return { maturity }
      })
    case 'demote':
      return control(ports, { ...base, kind }, async () => {
        const { maturity: before } = await scope.agents.get(agent)
        const to = MATURITIES[MATURITIES.indexOf(before) - 1] ?? 'student'
        const { maturity } = await scope.agents.demote(agent, to, 'It is trusted less.')
        return { maturity }
      })
    case 'set-stop':
      return setStop(ports, operation)
    default:
      return kind satisfies never
  }
}

async function setStop(
  ports: ControlPorts,
  { workspace, target, agent }: Extract<Operation, { readonly kind: 'set-stop' }>,
): Promise<void> {
  const reason = 'Everything halts.'
  const draft = {
    workspace,
    kind: 'set-stop',
    agent: target === 'agent' ? agent : null,
    everywhere: target === 'all',
    stop: null,
  } as const
  const system: Identity = { workspace, principal: { kind: 'system', id: 'switch', roles: [] } }
  await control(ports, draft, async () => {
    const scope = ports.governor.as(target === 'all' ? system : admin(workspace))
    const request = target === 'agent' ? ({ target, agent, reason } as const) : ({ target, reason } as const)
    return { stop: (await scope.stops.set(request)).id }
  })
}

/** Pauses an agent and lets it go on at once: what was decided on it before does not hold any more. */
export async function blink(
  ports: ControlPorts,
  { workspace, agent }: Extract<Operation, { readonly kind: 'blink' }>,
): Promise<void> {
  const { agents } = ports.governor.as(admin(workspace))
  const base = { workspace, agent, everywhere: false, stop: null }
  for (const kind of ['pause', 'resume'] as const) {
    await control(ports, { ...base, kind }, async () => {
      await agents[kind](agent, 'It is looked at for a moment.')
      return {}
    })
  }
}

/** Does the work of a request once for its key. */
export async function requestOnce(
  { process, governor, log, works }: ControlPorts & { readonly works: Append },
  { workspace, key }: { readonly workspace: string; readonly key: string },
): Promise<void> {
  const requestHash = createHash('sha256').update(key).digest('hex')
  const answered = (nonce: string | null, code: string | null): void => {
    const answer: OnceAnswer = { process, at: realTime(), workspace, key, nonce, code }
    log({ line: 'once', ...answer })
  }
  try {
    const request = { identity: admin(workspace), operation: 'agents.change', key, requestHash }
    const { body } = await governor.once(request, async () => {
      const work: Work = { workspace, key, nonce: randomUUID(), process, at: realTime() }
      works(work)
      return { status: 201, body: { nonce: work.nonce } }
    })
    answered(String(body.nonce), null)
  } catch (error) {
    answered(null, GovernanceError.isInstance(error) ? error.code : 'thrown')
  }
}
