import { createGovernor } from '@preceptor/core'
import { z } from 'zod'

const MOST = { points: 50_000_000, seconds: 60 }

/**
 * An embedded governor in memory with one autonomous agent, a safe action and one of medium risk.
 * @param {import('@preceptor/core').GovernorOptions} [options] beside these
 */
export async function openGate(options = {}) {
  const faults = []
  const governor = await createGovernor({
    memory: true,
    actions: {
      'order.read': { risk: 'safe', args: z.strictObject({ id: z.string() }) },
      'note.write': { risk: 'medium', args: z.strictObject({ id: z.string() }) },
    },
    report: (report) => faults.push(report),
    // Counted as always, and never reached.
    rateLimits: { principal: MOST, agent: MOST, workspace: MOST },
    ...options,
  })
  const admin = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'bench', roles: ['admin'] } })
  await admin.agents.register({ id: 'bench-bot', maturity: 'autonomous' })
  const scope = governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'bench-bot', roles: [] } })
  return { governor, admin, scope, faults }
}

/** Stops the measurement when something was not decided as the benchmark says. */
export function assertRoute(decision, route) {
  if (decision.route !== route) throw new Error(`The benchmark expected ${route}: ${JSON.stringify(decision)}`)
}
