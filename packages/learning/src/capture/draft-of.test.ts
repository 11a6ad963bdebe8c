import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agentTypeOf } from '../agent-type.ts'
import { LONGEST_TEXT } from '../feedback/texts.ts'
import { ofEdit, ofIntervention, ofRejection } from './draft-of.ts'

const hidesPin = [['pin']]
const proposal = { action: 'wire.send', resource: null, context: null }

describe('what is captured', () => {
  it('never holds what a schema hides, whoever wrote it where', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{12,20}$/)
    fc.assert(
      fc.property(secret, secret, (asked, reviewed) => {
        const versions = {
          ...proposal,
          resource: `with ${asked}`,
          context: { note: `pin=${asked}` },
          asked: { args: { cents: 1, pin: asked }, sensitive: hidesPin },
          reviewed: { args: { cents: 2, pin: reviewed }, sensitive: hidesPin },
        }
        const step = { args: { cents: 1, pin: asked }, sensitive: hidesPin }
        const drafts = [
          ofEdit(versions),
          ofRejection(
            { ...versions, reviewed: versions.asked },
            { category: 'other', reason: `Not ${asked} again: ${encodeURIComponent(asked)}` },
          ),
          ofIntervention({
            action: 'wire.send',
            guidance: `Use ${reviewed} and not ${asked}`,
            args: { cents: 2, pin: reviewed },
            step,
            by: 'user:sam',
          }),
        ]
        expect(JSON.stringify(drafts)).not.toContain(asked)
        expect(JSON.stringify(drafts)).not.toContain(reviewed)
      }),
      { numRuns: 50 },
    )
  })

  it('hides in both versions what one of them hides', () => {
    const draft = ofEdit({
      ...proposal,
      asked: { args: { cents: 1, pin: 'first-pin' }, sensitive: [] },
      reviewed: { args: { cents: 2, pin: 'other-pin' }, sensitive: hidesPin },
    })
    expect(JSON.stringify(draft)).not.toMatch(/first-pin|other-pin/)
  })

  it('hides everything where it is not known what a step hides', () => {
    const given = { action: 'wire.send', guidance: null, args: { pin: 'first-pin' }, step: null, by: 'user:sam' }
    expect(ofIntervention(given)).toMatchObject({ kind: 'negative', correction: null, lesson: null })
    expect(JSON.stringify(ofIntervention(given))).not.toContain('first-pin')
  })

  it('names args by their own names only', () => {
    const draft = ofEdit({
      ...proposal,
      asked: { args: { cents: 1 }, sensitive: [] },
      reviewed: { args: { cents: 1, toString: 'x', 'not a tag': 1 }, sensitive: [] },
    })
    expect(draft.tags).toEqual(['action:wire.send', 'arg:toString'])
  })

  it('is no example where the texts are too long for one', () => {
    const draft = ofEdit({
      ...proposal,
      asked: { args: { text: 'x'.repeat(LONGEST_TEXT) }, sensitive: [] },
      reviewed: { args: { text: 'y' }, sensitive: [] },
    })
    expect(draft).toMatchObject({ kind: 'negative', correction: null, lesson: null })
    expect(draft.output).toHaveLength(LONGEST_TEXT)
  })
})

describe('the type of an agent', () => {
  it.each([
    ['engineer', 'engineer'],
    ['Data Engineer', 'data_engineer'],
    ['version-control', 'version_control'],
    ['Finance', 'generic'],
    ['constructor', 'generic'],
    [null, 'generic'],
  ])('of the category %s is %s', (category, type) => {
    expect(agentTypeOf({ category })).toBe(type)
  })
})
