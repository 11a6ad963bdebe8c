import { describe, expect, it } from 'vitest'
import { draftOf, matcherOf, rulesFor } from './grant-draft.ts'

const proposal = { args: { cents: 900, to: 'cus_1', note: null }, resource: 'order/7' }

describe('a grant that is being drafted', () => {
  it('begins with what is just like this call, each argument named, the resource too [DASH-20]', () => {
    expect(matcherOf(proposal, draftOf(proposal))).toEqual({
      args: { cents: { equals: 900 }, to: { equals: 'cus_1' }, note: { equals: null } },
      resource: 'order/7',
    })
    expect(matcherOf({ args: {}, resource: null }, draftOf({ args: {} }))).toEqual({ args: {} })
  })

  it('has bounds for numbers only, and none that is no number [DASH-20]', () => {
    const draft = draftOf(proposal)
    const rules = { ...draft.rules, cents: 'atMost', to: 'any' } as const
    expect(matcherOf(proposal, { rules, bounds: { cents: ' 500 ' } })?.args).toEqual({
      cents: { atMost: 500 },
      to: { any: true },
      note: { equals: null },
    })
    for (const typed of ['', 'x', 'Infinity'])
      expect(matcherOf(proposal, { rules, bounds: { cents: typed } })).toBeUndefined()
    expect(rulesFor('x')).toEqual(['same', 'any'])
    expect(rulesFor(1)).toContain('atMost')
  })
})
