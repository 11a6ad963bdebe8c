import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import { RISKS, type Risk } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guessRisk } from './guess-risk.ts'

const rank = (risk: Risk): number => RISKS.indexOf(risk)
const tool = (name: string, args: readonly string[] = [], annotations?: Tool['annotations']): Tool => ({
  name,
  inputSchema: { type: 'object', properties: Object.fromEntries(args.map((arg) => [arg, { type: 'string' }])) },
  ...(annotations && { annotations }),
})

const hint = fc.option(fc.boolean(), { nil: undefined })
const annotations = fc
  .record({ readOnlyHint: hint, destructiveHint: hint, idempotentHint: hint, openWorldHint: hint })
  .map((hints) => Object.fromEntries(Object.entries(hints).filter(([, value]) => value !== undefined)))
const word = fc.constantFrom('get', 'list', 'read', 'write', 'create', 'user', 'file', 'delete', 'send', 'Order', '')
const name = fc.oneof(
  fc.tuple(fc.array(word, { maxLength: 4 }), fc.constantFrom('_', '-', '/', '')).map(([words, by]) => words.join(by)),
  fc.string(),
)
const args = fc.array(
  fc.oneof(
    fc.constantFrom('amount', 'path', 'to', 'limit', '__proto__', 'constructor', `to_${'x'.repeat(1_000)}`),
    fc.string(),
  ),
  { maxLength: 4 },
)

describe('the guess at the risk of a tool [MCP-20]', () => {
  it.each([
    ['read_file', ['path'], undefined, 'medium'],
    ['read_file', ['path'], { readOnlyHint: true }, 'medium'],
    ['read_file', ['path'], { readOnlyHint: false }, 'high'],
    ['list_orders', [], { destructiveHint: true }, 'high'],
    ['fetch', ['url'], { readOnlyHint: true }, 'high'],
    ['write_file', ['path'], undefined, 'high'],
    ['write_file', ['path'], { readOnlyHint: true, destructiveHint: false }, 'high'],
    ['get_or_create_user', [], { readOnlyHint: true }, 'high'],
    ['reticulate', [], { readOnlyHint: true }, 'high'],
    ['terminal', ['command'], { readOnlyHint: true }, 'critical'],
    ['book', ['cardToken'], undefined, 'critical'],
    ['deleteFile', [], { readOnlyHint: true }, 'critical'],
    ['DELETE-FILE', [], undefined, 'critical'],
    ['files/removed', [], undefined, 'critical'],
    ['ｄｅｌｅｔｅ', [], undefined, 'critical'],
    ['getAndSendReport', [], { readOnlyHint: true }, 'critical'],
    ['HTTPPost', [], undefined, 'critical'],
  ] as const)('of %s(%j), which says %j, is %s', (named, taken, says, risk) => {
    expect(guessRisk(tool(named, taken, says)).risk).toBe(risk)
  })

  it('is that of what the tool takes inside objects, too', () => {
    const items = { type: 'object', properties: { command: { type: 'string' } } }
    const inputSchema: Tool['inputSchema'] = { type: 'object', properties: { steps: { type: 'array', items } } }
    expect(guessRisk({ name: 'plan', inputSchema }).risk).toBe('critical')
  })

  it('is never lowered by what the server says of the tool, and nothing is guessed to be safe', () => {
    fc.assert(
      fc.property(name, args, annotations, (named, taken, says) => {
        const [silent, said] = [guessRisk(tool(named, taken)), guessRisk(tool(named, taken, says))]
        expect(rank(said.risk)).toBeGreaterThanOrEqual(rank(silent.risk))
        expect([silent.risk, said.risk]).not.toContain('safe')
        expect(said.note.length).toBeLessThan(500)
      }),
    )
  })

  it('is never lowered by one more argument', () => {
    fc.assert(
      fc.property(name, args, fc.string(), annotations, (named, taken, more, says) => {
        const [fewer, all] = [guessRisk(tool(named, taken, says)), guessRisk(tool(named, [...taken, more], says))]
        expect(rank(all.risk)).toBeGreaterThanOrEqual(rank(fewer.risk))
      }),
    )
  })

  it('is critical for a name that takes something away, whatever stands around it', () => {
    const around = fc.constantFrom('', 'get_', 'list-', 'safe/', 'read.')
    fc.assert(
      fc.property(
        around,
        fc.constantFrom('delete', 'Delete', 'DROP', 'purge'),
        around,
        annotations,
        (a, b, c, says) => {
          expect(guessRisk(tool(`${a}${b}_${c}all`, [], says)).risk).toBe('critical')
        },
      ),
    )
  })
})
