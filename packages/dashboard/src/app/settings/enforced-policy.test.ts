import { describe, expect, it } from 'vitest'
import { withoutShadow } from './enforced-policy.ts'

describe('a policy that enforces what it only watched', () => {
  it('leaves everything else as it was, and no empty list behind', () => {
    const document = { limits: [], shadow: ['mail', 'refund'] }
    expect(withoutShadow(document, 'mail')).toEqual({ limits: [], shadow: ['refund'] })
    expect(withoutShadow({ limits: [], shadow: ['mail'] }, 'mail')).toEqual({ limits: [] })
    expect(document.shadow).toEqual(['mail', 'refund'])
  })

  it('is the same where the capability is enforced already', () => {
    const document = { shadow: ['mail'] }
    expect(withoutShadow(document, 'refund')).toBe(document)
    expect(withoutShadow({}, 'refund')).toEqual({})
  })
})
