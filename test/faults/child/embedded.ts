// The one process on an embedded database: it asks, approves, comes back and runs, until it dies where it is told to.
import { randomUUID } from 'node:crypto'
import type { ControlScope, GuardCall, Trigger } from '@preceptor/client'
import { createGovernor } from '@preceptor/core'
import type { EmbeddedAnswer, EmbeddedEffect, EmbeddedOptions } from '../embedded.ts'
import type { AnyFailpoint } from '../failpoints.ts'
import { ACTIONS, SETTINGS } from '../workload.ts'
import { openLog } from './log.ts'

const CYCLES = 6

const options = JSON.parse(process.argv[2] ?? '{}') as EmbeddedOptions
const oracle = openLog(options.folder, 'oracle.jsonl')
const answers = openLog(options.folder, 'answers.jsonl')
let left = options.skip

async function failpoint(name: AnyFailpoint): Promise<void> {
  if (name !== options.failpoint) return
  if (left > 0) {
    left -= 1
    return
  }
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => undefined)
}

async function act({ decision }: GuardCall): Promise<null> {
  const proposal = decision.route === 'execution' ? (decision.approval?.proposal ?? '') : ''
  const effect: EmbeddedEffect = { proposal, decision: decision.id, nonce: randomUUID() }
  oracle(effect)
  await failpoint('tool.after_send')
  return null
}

const governor = await createGovernor({
  dataFolder: options.dataFolder,
  actions: { ...ACTIONS, 'reply.send': { ...ACTIONS['reply.send'], risk: 'high', execute: act } },
  settings: SETTINGS,
  report: () => undefined,
  testing: { failpoint },
})
const as = (kind: 'agent' | 'user', id: string, roles: readonly ('admin' | 'supervisor')[] = []): ControlScope =>
  governor.as({ workspace: 'default', principal: { kind, id, roles } })
const [bot, ana] = [as('agent', 'bot'), as('user', 'ana', ['supervisor'])]
await as('user', 'root', ['admin'])
  .agents.register({ id: 'bot', maturity: 'intern', ownerId: 'system' })
  .catch(() => undefined)

const triggerOf = (action: string, n: number): Trigger => ({
  agent: 'bot',
  action,
  args: { n },
  idempotencyKey: `${action}-${n}`,
})
// A fault in it is a fault of this process alone: what it means is checked afterwards.
const tried = (work: Promise<unknown>): Promise<unknown> => work.catch(() => undefined)

async function approveAll(): Promise<void> {
  for (const { id, version, actionHash } of (await ana.proposals.list({ state: 'pending' })).items) {
    const { state } = await ana.proposals.approve(id, { version, actionHash })
    const answer: EmbeddedAnswer = { proposal: id, state }
    answers(answer)
  }
}

for (let n = options.from; n < options.from + CYCLES; n += 1) {
  await tried(bot.decide(triggerOf('reply.send', n)))
  await tried(bot.guard(triggerOf('refund.create', n), act))
  await tried(approveAll())
  for (let before = Math.max(0, n - 2 * CYCLES); before <= n; before += 1) {
    await tried(bot.guard(triggerOf('refund.create', before), act))
  }
  await tried(governor.jobs.runApproved(4))
  await tried(governor.jobs.run('settle-lost-executions', {}))
}
await governor.close()
