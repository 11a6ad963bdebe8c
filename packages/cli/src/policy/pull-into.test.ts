import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { mergedYaml } from './pull-into.ts'

const FILE = `# Ours, since spring.
$schema: ./policy.schema.json
actions:
  # Asked for by the bank.
  refund.create:
    when: args.cents <= 10000 # on each call
    ceiling: supervised
shadow:
  - note # until summer
  - mail
`

describe('a policy file that is brought to another policy', () => {
  it('keeps its comments and whatever is the same [POL-24]', () => {
    const merged = mergedYaml(FILE, {
      actions: { 'refund.create': { when: 'args.cents <= 500', ceiling: 'supervised' } },
      shadow: ['note'],
      separationOfDuties: true,
    })
    expect(merged).toBe(FILE.replace('10000', '500').replace('  - mail\n', '').concat('separationOfDuties: true\n'))
  })

  it('is left as it is, to the letter, where it says the same [POL-24]', () => {
    const same = {
      shadow: ['note', 'mail'],
      actions: { 'refund.create': { ceiling: 'supervised', when: 'args.cents <= 10000' } },
    }
    expect(mergedYaml(FILE, same)).toBe(FILE)
  })

  it('keeps the comments of a file that says nothing yet [POL-24]', () => {
    expect(mergedYaml('# To be written.\n', { shadow: ['note'] })).toMatch(/^# To be written\.\n+shadow:/)
  })

  it('says what it was brought to, whatever it said [POL-24]', () => {
    const value = fc.letrec((tie) => ({
      leaf: fc.oneof(fc.string(), fc.integer(), fc.boolean()),
      node: fc.oneof(
        { depthSize: 'small' },
        tie('leaf'),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z.]{1,6}$/), tie('node'), { maxKeys: 3 }),
      ),
    }))
    const map = fc.dictionary(fc.stringMatching(/^[a-z.]{1,6}$/), value.node, { maxKeys: 4 })
    fc.assert(
      fc.property(map, map, (before, after) => {
        const text = mergedYaml(`# kept\n${JSON.stringify(before)}\n`, after as never)
        expect(parse(text)).toEqual(after)
        expect(text).toContain('# kept')
      }),
    )
  })
})
