import type { History, JournalRow } from '../history.ts'
import type { DecisionRow } from './decision-rows.ts'
import { type Findings, groupBy } from './verdict.ts'

/** Kinds of rows that move an agent's lifecycle, with where to. */
export const MOVES: Readonly<Record<string, string>> = {
  'agent.paused': 'paused',
  'agent.stopped': 'stopped',
  'agent.resumed': 'active',
  'agent.retired': 'retired',
}

/**
 * Whatever is more than safe is decided by the facts as they stand. Rows of one agent are written under its lock, so
 * their positions give the order in which its facts changed and were used.
 */
export function checkDecisionsUsedCurrentFacts(
  { journal, agents }: History,
  decisions: readonly DecisionRow[],
  findings: Findings,
): void {
  const decisionAt = new Map(decisions.map((decision) => [decision.row.position, decision]))
  for (const rows of groupBy(journal, ({ workspace, agent }) => [workspace, agent]).values()) {
    const first = rows[0]
    if (first === undefined || first.agent === null) continue
    const { maturity, lifecycle, epoch } = replay(rows, decisionAt, findings)
    const agent = agents.find(({ workspace, id }) => workspace === first.workspace && id === first.agent)
    if (agent === undefined) continue
    if (agent.maturity !== maturity || agent.lifecycle !== lifecycle || agent.epoch !== epoch) {
      const what = 'An agent is not what its journal makes of it.'
      findings.violate('agent-differs-from-journal', what, { agent, journal: { maturity, lifecycle, epoch } })
    }
  }
}

interface Facts {
  maturity: string
  lifecycle: string
  epoch: number
}

function replay(rows: readonly JournalRow[], decisionAt: ReadonlyMap<number, DecisionRow>, findings: Findings): Facts {
  const facts: Facts = { maturity: '', lifecycle: 'active', epoch: 1 }
  for (const { kind, position, body } of rows) {
    const decision = decisionAt.get(position)
    if (kind === 'agent.registered') facts.maturity = String(body.maturity)
    if (kind === 'agent.promoted' || kind === 'agent.demoted') facts.maturity = String(body.to)
    facts.lifecycle = MOVES[kind] ?? facts.lifecycle
    if (kind === 'agent.demoted' || Object.hasOwn(MOVES, kind)) facts.epoch += 1
    if (decision === undefined || decision.risk === null || decision.risk === 'safe' || decision.lifecycle === null)
      continue
    const isCurrent =
      decision.lifecycle === facts.lifecycle &&
      decision.epoch === facts.epoch &&
      (decision.maturity === facts.maturity || decision.maturity === null)
    if (!isCurrent) {
      findings.violate('decided-by-old-facts', 'A decision was made by facts that had changed.', {
        decision,
        facts: { ...facts },
      })
    }
    if (decision.route !== 'denied' && facts.lifecycle !== 'active') {
      findings.violate('halted-agent-decided', 'An agent that was not active got a route.', { decision })
    }
  }
  return facts
}

/** Confidence is the sum of its ledger. */
export function checkLedgers({ agents }: History, findings: Findings): void {
  for (const agent of agents) {
    if (agent.ledger !== agent.confidence) {
      findings.violate('ledger-differs', 'The confidence of an agent is not the sum of its ledger.', agent)
    }
  }
}
