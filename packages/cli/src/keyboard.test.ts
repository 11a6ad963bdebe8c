import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { openKeyboard } from './keyboard.ts'

const never = new AbortController().signal

/** A keyboard on a stream, and what it wrote. */
function open() {
  const modes: boolean[] = []
  let [written, interrupts] = ['', 0]
  const input = Object.assign(new PassThrough(), { setRawMode: (isRaw: boolean) => modes.push(isRaw) })
  const keyboard = openKeyboard(input, {
    write: (text) => {
      written += text
    },
    interrupt: () => {
      interrupts += 1
    },
  })
  const type = (text: string): Promise<void> =>
    new Promise((resolve) => {
      input.once('data', () => setImmediate(resolve))
      input.write(text)
    })
  return { keyboard, type, modes, written: () => written, interrupts: () => interrupts }
}

describe('a keyboard', () => {
  it('gives single keys, and takes nothing pasted for one [TERM-2]', async () => {
    const { keyboard, type } = open()
    const key = keyboard.key(never)
    await type('ttt')
    await type('\u001b[A')
    await type('p')
    expect(await key).toBe('p')
  })

  it('loses what is typed while nobody reads', async () => {
    const { keyboard, type } = open()
    await type('t')
    const key = keyboard.key(never)
    await type('r')
    expect(await key).toBe('r')
  })

  it('asks for a line, which can be mended, and drops what was pasted behind its end', async () => {
    const { keyboard, type, written } = open()
    const line = keyboard.line('Why: ', never)
    for (const text of ['no', '\u0015', 'ye', '\u001b[D', '\u0000\u202e', 'x\u007fs', ' \u007f\rt']) await type(text)
    expect(await line).toBe('yes')
    expect(written()).toBe(`Why: no${'\b \b'.repeat(2)}yex\b \bs \b \b\n`)
    const key = keyboard.key(never)
    await type('q')
    expect(await key).toBe('q')
  })

  it.each(['\u0003', '\u001b'])('gives a question up on %j, and interrupts nothing', async (stop) => {
    const { keyboard, type, interrupts } = open()
    const line = keyboard.line('Why: ', never)
    await type('because')
    await type(stop)
    expect([await line, interrupts()]).toEqual([undefined, 0])
  })

  it('interrupts on Ctrl-C outside of a question, and is idle there', async () => {
    const { keyboard, type, interrupts } = open()
    await type('\u0003')
    expect(interrupts()).toBe(1)
    await keyboard.idle()
    let isIdle = false
    const line = keyboard.line('Why: ', never)
    const idle = keyboard.idle().then(() => {
      isIdle = true
    })
    await type('so')
    expect(isIdle).toBe(false)
    await type('\r')
    await idle
    expect(await line).toBe('so')
  })

  it('ends what is read with its signal, and leaves the terminal as it was', async () => {
    const { keyboard, modes } = open()
    const [key, line] = [new AbortController(), new AbortController()]
    const pressed = keyboard.key(key.signal)
    key.abort()
    expect(await pressed).toBeUndefined()
    const asked = keyboard.line('Why: ', line.signal)
    line.abort()
    expect(await asked).toBeUndefined()
    expect(await keyboard.key(AbortSignal.abort())).toBeUndefined()
    keyboard.close()
    expect(modes).toEqual([true, false])
  })
})
