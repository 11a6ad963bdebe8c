import { describe, expect, it } from 'vitest'
import { EVENT_KINDS, type EventKind } from './event-kinds.ts'

/** The events of the design, noun by noun. */
const DESIGNED: Readonly<Record<string, string>> = {
  agent: 'registered promoted demoted paused stopped',
  decision: 'made',
  training_proposal: 'created approved rejected',
  training_session: 'scheduled started progressed completed cancelled',
  proposal: 'created approved rejected responded expired cancelled succeeded failed outcome_unknown',
  permit: 'redeemed',
  grant: 'created revoked',
  supervision_session: 'started emitted paused resumed completed terminated',
  intervention: 'requested applied',
  queue_entry: 'created started completed failed expired cancelled',
  presence: 'changed',
  review: 'completed',
  run: 'started progressed completed failed',
  workflow_run: 'started waiting completed failed cancelled',
  workflow_step: 'started completed failed',
  workflow_approval: 'requested',
  collaboration: 'member_joined member_left message_sent',
  delegation: 'created completed',
  consensus: 'opened vote_cast decided',
  viewer: 'joined left',
  content: 'changed',
  feedback: 'received',
  playbook: 'deployed rolled_back',
  alert: 'raised cleared',
  stop: 'set lifted',
}

describe('events', () => {
  it('are all those of the design', () => {
    const designed = Object.entries(DESIGNED).flatMap(([noun, verbs]) =>
      verbs.split(' ').map((verb) => `${noun}.${verb}`),
    )
    expect(designed.filter((kind) => !EVENT_KINDS.has(kind as EventKind))).toEqual([])
  })

  it('are noun.verb, and each is heard on at least one topic', () => {
    for (const [kind, topics] of EVENT_KINDS) {
      expect(kind).toMatch(/^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/)
      expect(topics.length).toBeGreaterThan(0)
    }
  })

  it('stand in one list only', () => {
    const kinds = [...EVENT_KINDS.keys()]
    expect(kinds).toContain('decision.made')
    expect(new Set(kinds).size).toBe(kinds.length)
    expect(EVENT_KINDS.get('proposal.created')).toEqual(['proposal', 'agent', 'workspace'])
    expect(EVENT_KINDS.get('workflow_step.started')).toEqual(['workflow'])
  })
})
