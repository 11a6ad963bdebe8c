import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The terminal of a supervisor: the command `preceptor`, each time in a process of its own. */
export interface Terminal {
  /** Runs one command; gives its JSON document. */
  run(...args: readonly string[]): Promise<Record<string, unknown>>
  /** Watches a session, and holds it until it is over. */
  watch(session: string): Watching
  /** Lets the person at this terminal watch, by keys. */
  watchByHand(session: string): Promise<void>
}

/** A session that is watched. */
export interface Watching {
  /** Waits for the first line after the last one that was waited for. */
  until(pattern: RegExp): Promise<string>
  /** Its exit code. */
  readonly ended: Promise<number>
}

const PATIENCE_MS = 60_000
const MANIFEST = new URL(import.meta.resolve('@preceptor/cli/package.json'))
const BIN = fileURLToPath(new URL(JSON.parse(readFileSync(MANIFEST, 'utf8')).bin.preceptor, MANIFEST))

/** Opens the terminal of somebody who has a key; every command and every line of a session is told. */
export function openTerminal(
  { url, token }: { readonly url: string; readonly token: string },
  say: (line: string) => void,
): Terminal {
  const env = { PRECEPTOR_URL: url, PRECEPTOR_TOKEN: token }
  const start = (args: readonly string[]) => {
    say(`   $ preceptor ${args.map((arg) => (/^[\w./-]+$/.test(arg) ? arg : JSON.stringify(arg))).join(' ')}`)
    return args
  }
  return {
    async run(...args) {
      const child = spawn(process.execPath, [BIN, ...start(args), '--json'], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let text = ''
      child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      const [code] = await once(child, 'close')
      if (code !== 0) throw new Error(`preceptor ${args.join(' ')} ended with ${code}: ${text}`)
      return JSON.parse(text)
    },
    watch(session) {
      const child = spawn(process.execPath, [BIN, ...start(['sessions', 'watch', session, '--attach'])], {
        env,
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      return follow(
        child.stdout,
        once(child, 'close').then(([code]) => Number(code)),
        say,
      )
    },
    async watchByHand(session) {
      const child = spawn(process.execPath, [BIN, 'sessions', 'watch', session, '--attach'], { env, stdio: 'inherit' })
      await once(child, 'close')
    },
  }
}

function follow(output: NodeJS.ReadableStream, ended: Promise<number>, say: (line: string) => void): Watching {
  const lines: string[] = []
  let seen = 0
  let look = (): void => undefined
  createInterface({ input: output }).on('line', (line) => {
    say(`   | ${line}`)
    lines.push(line)
    look()
  })
  return {
    ended,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const fail = (): void => reject(new Error(`${pattern} was not seen.\n${lines.join('\n')}`))
        const late = setTimeout(fail, PATIENCE_MS)
        look = () => {
          const index = lines.findIndex((line, place) => place >= seen && pattern.test(line))
          if (index < 0) return
          clearTimeout(late)
          seen = index + 1
          resolve(lines[index] ?? '')
        }
        look()
        void ended.then(() => {
          look()
          fail()
        })
      }),
  }
}
