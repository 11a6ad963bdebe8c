import { describe, expect, it } from 'vitest'
import { actorName, userOf } from './actor.ts'
import { parseReason } from './parse-reason.ts'
import { principalNamed } from './principal-named.ts'

describe('the name of an actor in records [AUTH-5]', () => {
  it('is its kind and its id, of which that of a user can be told again', () => {
    expect(actorName({ principal: { kind: 'user', id: 'ana', roles: [] } })).toBe('user:ana')
    expect(actorName({ principal: { kind: 'agent', id: 'bot:2', roles: [] } })).toBe('agent:bot:2')
    expect(userOf('user:ana')).toBe('ana')
    expect(userOf('user:user:ana')).toBe('user:ana')
    for (const other of ['agent:user:ana', 'system:jobs', 'ana', '']) expect(userOf(other)).toBeUndefined()
  })

  it('says who asked, with no more than was needed to ask', () => {
    expect(principalNamed('agent:bot:2')).toEqual({ kind: 'agent', id: 'bot:2', roles: [] })
    expect(principalNamed('system:jobs')).toEqual({ kind: 'system', id: 'jobs', roles: [] })
    expect(principalNamed('user:ana')).toEqual({ kind: 'user', id: 'ana', roles: ['supervisor'] })
    expect(principalNamed('service:sync')).toEqual({
      kind: 'service',
      id: 'sync',
      roles: [],
      scopes: ['triggers.decide', 'triggers.check'],
    })
    for (const nobody of ['ana', '', 'root:ana', 'User:ana']) {
      expect(() => principalNamed(nobody)).toThrow(expect.objectContaining({ code: 'FACT_INVALID' }))
    }
  })
})

describe('the reason of an act', () => {
  it('is a text of 1 to 1,000 characters, without the blanks around it', () => {
    expect(parseReason('  why  ')).toBe('why')
    expect(parseReason('x'.repeat(1_000))).toHaveLength(1_000)
    for (const wrong of ['', '   ', 'x'.repeat(1_001), 7, null, undefined]) {
      expect(() => parseReason(wrong)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
    }
  })

  it('keeps no secret that can be recognised [I-33]', () => {
    expect(parseReason('the key is password=hunter2-and-more')).not.toContain('hunter2')
  })
})
