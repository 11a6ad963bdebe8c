import { describe, expect, it } from 'vitest'
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.ts'

async function read(bytes: Uint8Array, cuts: readonly number[] = []): Promise<readonly ServerSentEvent[]> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let from = 0
    for (const cut of [...new Set(cuts)].sort((one, other) => one - other)) {
      const to = Math.min(cut, bytes.length)
      yield bytes.slice(from, to)
      from = to
    }
    yield bytes.slice(from)
  }
  const events: ServerSentEvent[] = []
  for await (const event of readServerSentEvents(chunks())) events.push(event)
  return events
}

const readText = (text: string) => read(new TextEncoder().encode(text))

describe('server-sent events', () => {
  it.each([
    ['data: a\n\n', [{ id: undefined, event: undefined, data: 'a' }]],
    ['id: 1\nevent: x\ndata: a\ndata: b\n\n', [{ id: '1', event: 'x', data: 'a\nb' }]],
    [
      'id:1\n\ndata:  a\n\n',
      [
        { id: '1', event: undefined, data: undefined },
        { id: '1', event: undefined, data: ' a' },
      ],
    ],
    [': a comment\n\n: and another\n\n', []],
    ['event: x\n\n', []],
    ['data\n\n', [{ id: undefined, event: undefined, data: '' }]],
    [
      'data: a\r\rdata: b\r\n\r\n',
      [
        { id: undefined, event: undefined, data: 'a' },
        { id: undefined, event: undefined, data: 'b' },
      ],
    ],
    ['\uFEFFdata: a\n\n', [{ id: undefined, event: undefined, data: 'a' }]],
    ['data: cut off\n', []],
    ['data: cut o', []],
    ['id: \0\nretry: 5\nunknown: x\ndata: a\n\n', [{ id: undefined, event: undefined, data: 'a' }]],
  ])('reads %j', async (text, expected) => {
    expect(await readText(text)).toEqual(expected)
  })

  it.each(['\n', '\r', '\r\n'])('reads the same however the bytes are cut, with lines that end in %j', async (end) => {
    const lines = ['id: 7', ': c', 'event: a', 'data: é€😀', 'data:', '', '', 'data: x', 'id: 8', '', 'data: cut']
    const bytes = new TextEncoder().encode(lines.join(end))
    const whole = await read(bytes)
    expect(whole).toHaveLength(2)
    for (let first = 0; first <= bytes.length; first += 1) {
      for (const second of [first + 1, first + 3]) expect(await read(bytes, [first, second])).toEqual(whole)
    }
    expect(await read(bytes, [...bytes.keys()])).toEqual(whole)
  })

  it('refuses what is not UTF-8, and an event without end', async () => {
    const code = 'GOVERNOR_ANSWER_INVALID'
    await expect(read(new Uint8Array([0xff, 0x0a]))).rejects.toMatchObject({ code })
    await expect(readText('x'.repeat(5_000_000))).rejects.toMatchObject({ code })
    await expect(readText('data: 0123456789\n'.repeat(300_000))).rejects.toMatchObject({ code })
  })
})
