import { describe, expect, it } from 'vitest'
import type { Change } from '../routing/lease.ts'
import { concerns, startListening } from './changes-since.ts'

const call = { workspace: 'default', agents: ['bot', 'boss'], sessionId: 'ses_1' }
const change = (kind: string, workspace: string, subject: string): Change =>
  ({ kind, workspace, subject }) as unknown as Change
const kindOf = (of: Change): string => (of === 'everything' ? of : of.kind)

describe('a change [I-13, STOP-1]', () => {
  it.each<[what: string, of: Change, expected: boolean]>([
    ['that could not be followed', 'everything', true],
    ['of the agent', change('agent', 'default', 'bot'), true],
    ['of who delegated', change('agent', 'default', 'boss'), true],
    ['of another agent', change('agent', 'default', 'other'), false],
    ['of such an agent elsewhere', change('agent', 'other', 'bot'), false],
    ['of its session', change('session', 'default', 'ses_1'), true],
    ['of another session', change('session', 'default', 'ses_2'), false],
    ['of such a session elsewhere', change('session', 'other', 'ses_1'), false],
    ['of a stop here', change('stop', 'default', 'stp_1'), true],
    ['of a stop of everything', change('stop', '*', 'stp_1'), true],
    ['of a stop elsewhere', change('stop', 'other', 'stp_1'), false],
    ['of something else', change('policy', 'default', 'bot'), false],
    ['of something else that has its name', change('policy', 'default', 'ses_1'), false],
  ])('%s', (_what, of, expected) => {
    expect(concerns(of, call)).toBe(expected)
    expect(concerns(of, { ...call, sessionId: null })).toBe(expected && kindOf(of) !== 'session')
  })

  it('is heard from the moment on at which somebody listens, until then no more', () => {
    const listeners = new Set<(heard: Change) => void>()
    const tell = (of: Change): void => {
      for (const listener of listeners) listener(of)
    }
    tell(change('agent', 'default', 'bot'))
    const changes = startListening(listeners)
    expect(changes.heard(call)).toBe(false)
    tell(change('agent', 'default', 'other'))
    expect(changes.heard(call)).toBe(false)
    tell(change('agent', 'default', 'boss'))
    tell(change('agent', 'default', 'other'))
    expect(changes.heard(call)).toBe(true)
    changes.end()
    expect(listeners.size).toBe(0)
  })

  it('is looked at in any case after a hundred others', () => {
    const listeners = new Set<(heard: Change) => void>()
    const changes = startListening(listeners)
    const [listener] = listeners
    for (let times = 0; times < 100; times += 1) listener?.(change('agent', 'default', 'other'))
    expect(changes.heard(call)).toBe(false)
    listener?.(change('agent', 'default', 'other'))
    expect(changes.heard(call)).toBe(true)
  })
})
