import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  closeStatement,
  commandComplete,
  errorResponse,
  messageLength,
  readAnswer,
  readyForQuery,
  renameStatement,
  simpleQuery,
  statementName,
  statementText,
} from './wire-protocol.ts'

const typed = (type: string, ...parts: readonly (string | Buffer)[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)))
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
const notification = (channel: string, payload: string): Buffer => typed('A', Buffer.alloc(4), channel, payload)
const row = (text: string): Buffer => typed('D', Buffer.from(text))

describe('readAnswer', () => {
  it('takes out notifications and the answers to the prefix', () => {
    const prefix = [commandComplete('RESET'), readyForQuery('I')]
    const own = [commandComplete('INSERT 0 1'), readyForQuery('T')]
    const answer = readAnswer(
      Buffer.concat([...prefix, own[0] ?? row(''), notification('news', 'x'), own[1] ?? row('')]),
      1,
    )
    expect(answer).toEqual({
      bytes: Buffer.concat(own),
      status: 'T',
      failed: false,
      prefixFailed: false,
      parsed: false,
      tags: ['INSERT 0 1'],
      notifications: [{ channel: 'news', bytes: notification('news', 'x') }],
    })
  })

  it('tells an error of the prefix from one of the statement', () => {
    const wrong = Buffer.concat([errorResponse('42601', 'no'), readyForQuery('I')])
    expect(readAnswer(wrong, 0)).toMatchObject({ failed: true, prefixFailed: false })
    const after = Buffer.concat([wrong, commandComplete('SELECT 1'), readyForQuery('I')])
    expect(readAnswer(after, 1)).toMatchObject({ failed: false, prefixFailed: true })
  })

  it.each([
    ['nothing', Buffer.alloc(0), 0],
    ['rows without an end', row('a'), 0],
    ['the answer to the prefix alone', readyForQuery('I'), 1],
  ])('does not take %s for an answer', (_title, bytes, skip) => {
    expect(readAnswer(bytes, skip)).toBeUndefined()
  })

  it('keeps every byte that is not a notification, wherever those stand', () => {
    const part = fc.oneof(
      fc.string().map((text) => ({ kept: true, bytes: row(text) })),
      fc.string({ unit: 'grapheme-ascii' }).map((text) => ({ kept: false, bytes: notification('c', text) })),
    )
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const all = [...parts, { kept: true, bytes: readyForQuery('I') }]
        const answer = readAnswer(Buffer.concat(all.map(({ bytes }) => bytes)), 0)
        expect(answer?.bytes).toEqual(Buffer.concat(all.filter(({ kept }) => kept).map(({ bytes }) => bytes)))
        expect(answer?.notifications).toHaveLength(parts.filter(({ kept }) => !kept).length)
      }),
      { numRuns: 200 },
    )
  })
})

describe('messages of the client', () => {
  const message = (bytes: Buffer): { type: string; bytes: Buffer } => ({
    type: String.fromCharCode(bytes[0] ?? 0),
    bytes,
  })
  const parse = message(typed('P', 'name', 'select $1', Buffer.from([0, 1, 0, 0, 0, 23])))
  const bind = message(typed('B', 'portal', 'name', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 97, 0, 0])))
  const describePortal = message(typed('D', Buffer.from('P'), 'name'))

  it('are complete or not', () => {
    const bytes = simpleQuery('select 1')
    for (let length = 0; length < bytes.length; length += 1) {
      expect(messageLength(bytes.subarray(0, length), true)).toBeUndefined()
    }
    expect(messageLength(Buffer.concat([bytes, bytes]), true)).toBe(bytes.length)
    expect(messageLength(Buffer.from([0, 0, 0, 8, 0, 3, 0, 0, 9]), false)).toBe(8)
  })

  it('show the statement that they carry', () => {
    expect(statementText(message(simpleQuery('select 1')))).toBe('select 1')
    expect(statementText(parse)).toBe('select $1')
    expect(statementText(bind)).toBeUndefined()
    expect([parse, bind, describePortal, message(closeStatement('x'))].map(statementName)).toEqual([
      'name',
      'name',
      undefined,
      'x',
    ])
    expect(statementName(message(typed('P', '', 'select 1', Buffer.alloc(2))))).toBeUndefined()
  })

  it('change nothing but the name when they are renamed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1 }), (name) => {
        for (const original of [parse, bind, message(closeStatement('name'))]) {
          const renamed = renameStatement(original, name)
          expect(messageLength(renamed.bytes, true)).toBe(renamed.bytes.length)
          expect(statementName(renamed)).toBe(name)
          expect(renameStatement(renamed, 'name').bytes).toEqual(original.bytes)
        }
      }),
    )
    expect(renameStatement(describePortal, 'x').bytes).toEqual(describePortal.bytes)
  })
})
