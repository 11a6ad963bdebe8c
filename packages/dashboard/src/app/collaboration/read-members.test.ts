import { describe, expect, it } from 'vitest'
import { readMembers } from './read-members.ts'

describe('members, one a line', () => {
  it('are agents with and without an action, a lead, and people', () => {
    expect(readMembers('agent:writer note.write lead\n\n agent:judge \nuser:ana')).toEqual({
      members: [
        { kind: 'agent', id: 'writer', action: 'note.write', role: 'lead' },
        { kind: 'agent', id: 'judge' },
        { kind: 'user', id: 'ana' },
      ],
    })
  })

  it.each(['writer', 'user:ana note.write', 'agent:a b c', 'agent:'])('refuses %s', (line) => {
    expect(readMembers(`user:ben\n${line}`)).toEqual({ members: [{ kind: 'user', id: 'ben' }], wrong: line })
  })
})
