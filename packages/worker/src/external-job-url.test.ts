import { describe, expect, it } from 'vitest'
import { externalJobUrl } from './external-job-url.ts'

const links = externalJobUrl({ dashboardUrl: 'https://app.example/governance/?key=1#x' })

describe('externalJobUrl', () => {
  it('links what names a proposal to its card, and any other job to the inbox [JOB-6]', () => {
    const inbox = { displayText: 'Inbox', href: 'https://app.example/governance/inbox' }
    expect(links({ name: 'expire-proposals', data: { workspace: 'default' } })).toEqual(inbox)
    for (const data of [undefined, null, 'prp_1', { proposalId: 7 }, { proposalId: '' }]) {
      expect(links({ name: 'x', data })).toEqual(inbox)
    }
    expect(links({ name: 'mail', data: { proposalId: 'prp_1' } })).toEqual({
      displayText: 'Proposal',
      href: 'https://app.example/governance/p/prp_1',
    })
  })

  it('leads nowhere else, whatever a job names [JOB-6]', () => {
    const { href } = links({ name: 'x', data: { proposalId: '../../evil?x=//y#' } })
    expect(href).toBe('https://app.example/governance/p/..%2F..%2Fevil%3Fx%3D%2F%2Fy%23')
    expect(() => externalJobUrl({ dashboardUrl: 'javascript:alert(1)' })).toThrow(TypeError)
    expect(() => externalJobUrl({ dashboardUrl: '/governance' })).toThrow(TypeError)
  })
})
