/** The keys of a person at a terminal. */
export interface Keyboard {
  /** The next key that is pressed; undefined once the signal is aborted. What is pasted is no key. */
  key(signal: AbortSignal): Promise<string | undefined>
  /** Asks for a line; undefined where the person gave it up (Ctrl-C, Escape), or the signal is aborted. */
  line(question: string, signal: AbortSignal): Promise<string | undefined>
  /** Resolves as soon as no question stands at the terminal, which output would tear apart. */
  idle(): Promise<void>
  /** Leaves the terminal as it was. */
  close(): void
}

/** What a terminal gives. */
export interface TerminalInput {
  setEncoding(encoding: 'utf8'): unknown
  setRawMode?(isRaw: boolean): unknown
  on(event: 'data', listener: (text: string) => void): unknown
  off(event: 'data', listener: (text: string) => void): unknown
  resume(): unknown
  pause(): unknown
}

/** Where a keyboard writes, and what Ctrl-C outside of a question does. */
export interface KeyboardOptions {
  readonly write: (text: string) => void
  readonly interrupt: () => void
}

const CTRL_C = '\u0003'
const CTRL_U = '\u0015'
const ESCAPE = '\u001b'
const ENTER = /[\r\n]/
const ERASE = /[\u007f\b]/
const UNSEEN = /\p{C}/u

/** Who is given what is typed. */
interface Reader {
  readonly take: (text: string) => void
  /** A question: Ctrl-C gives it up, and interrupts nothing else. */
  readonly isQuestion: boolean
}

/** Takes over the keys of a terminal until it is closed. What is typed while nobody reads is lost, and acts on nothing. */
export function openKeyboard(input: TerminalInput, { write, interrupt }: KeyboardOptions): Keyboard {
  let reader: Reader | undefined
  let question: Promise<unknown> = Promise.resolve()
  const listen = (text: string): void => {
    if (text === CTRL_C && reader?.isQuestion !== true) interrupt()
    else reader?.take(text)
  }
  const read = (signal: AbortSignal, make: (settle: (text?: string) => void) => Reader) =>
    new Promise<string | undefined>((resolve) => {
      const settle = (text?: string): void => {
        reader = undefined
        signal.removeEventListener('abort', abandon)
        resolve(text)
      }
      const abandon = (): void => settle()
      if (signal.aborted) return abandon()
      signal.addEventListener('abort', abandon)
      reader = make(settle)
    })
  input.setEncoding('utf8')
  input.setRawMode?.(true)
  input.on('data', listen)
  input.resume()
  return {
    // More than one character at once is pasted, or the sequence of a key that means nothing here.
    key: (signal) =>
      read(signal, (settle) => ({ isQuestion: false, take: (text) => [...text].length === 1 && settle(text) })),
    line(asked, signal) {
      write(asked)
      const answer = read(signal, (settle) => ({ isQuestion: true, take: editLine(write, settle) }))
      const answered = answer.finally(() => write('\n'))
      question = answered
      return answered
    },
    idle: () => question.then(() => undefined),
    close() {
      input.off('data', listen)
      input.setRawMode?.(false)
      input.pause()
    },
  }
}

/** Collects a line and shows it as it grows; what follows its end in the same piece is dropped, and is no key. */
function editLine(write: (text: string) => void, settle: (line?: string) => void): (text: string) => void {
  let line: readonly string[] = []
  const erase = (count: number): void => {
    line = line.slice(0, line.length - count)
    write('\b \b'.repeat(count))
  }
  return (text) => {
    if (text === ESCAPE) return settle()
    // The sequence of a key such as an arrow.
    if (text.startsWith(ESCAPE)) return
    for (const character of text) {
      if (character === CTRL_C) return settle()
      if (ENTER.test(character)) return settle(line.join(''))
      if (ERASE.test(character)) erase(Math.min(1, line.length))
      else if (character === CTRL_U) erase(line.length)
      else if (!UNSEEN.test(character)) {
        line = [...line, character]
        write(character)
      }
    }
  }
}
