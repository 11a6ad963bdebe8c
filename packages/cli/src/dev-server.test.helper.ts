import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ControlScope, connectGovernor } from '@preceptor/client'
import { expect, vi } from 'vitest'
import type { DevServer } from './dev-file.ts'
import { openKeyboard } from './keyboard.ts'
import { type Result, type RunOptions, runLine } from './run-line.test.helper.ts'

/** A development server with a folder for the files of a test. */
export interface DevPlane {
  readonly folder: string
  readonly server: DevServer
  /** The developer, who is administrator. */
  readonly admin: ControlScope
  /** Runs a command line against it. */
  cli(args: readonly string[], options?: RunOptions): Promise<Result>
  /** The same with `--json`; gives the document. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of the document
  ask(...args: readonly string[]): Promise<{ readonly code: number; readonly json: any; readonly noted: string }>
  /** Acts as an agent, with a key of its own. */
  agent(id: string): Promise<ControlScope>
  close(): Promise<void>
}

/** Starts `preceptor dev` in this process. */
export async function startDev(): Promise<DevPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-plane-'))
  const at = ['--data-folder', join(folder, 'data')]
  const file = join(folder, 'data', 'dev.json')
  const ending = new AbortController()
  const ended = runLine(['dev', '--port', '0', ...at, '--json'], { ended: ending.signal })
  await Promise.race([
    vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 60_000 }),
    ended.then((result) => Promise.reject(new Error(JSON.stringify(result)))),
  ])
  const server: DevServer = JSON.parse(readFileSync(file, 'utf8'))
  const governor = connectGovernor({ url: server.url, token: server.token })
  const admin = governor.as(await governor.authenticate(server.token))
  const cli: DevPlane['cli'] = (args, options = {}) => {
    const end = args.indexOf('--')
    const placed = end < 0 ? [...args, ...at] : [...args.slice(0, end), ...at, ...args.slice(end)]
    return runLine(placed, options)
  }
  const opened = [governor]
  return {
    folder,
    server,
    admin,
    cli,
    async ask(...args) {
      const { code, printed, noted } = await cli([...args, '--json'])
      return { code, json: JSON.parse(printed), noted }
    },
    async agent(id) {
      const { secret } = await admin.keys.create({ displayName: id, principalKind: 'agent', principalId: id })
      const own = connectGovernor({ url: server.url, token: secret })
      opened.push(own)
      return own.as(await own.authenticate(secret))
    },
    async close() {
      for (const one of opened) await one.close()
      ending.abort()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A person at a terminal who types these lines, one to each question; `asked` has what was asked. */
export function typing(lines: readonly string[], asked: string[] = []): Required<Pick<RunOptions, 'openKeyboard'>> {
  const waiting = [...lines]
  let listener: ((text: string) => void) | undefined
  const input = {
    setEncoding: () => undefined,
    on: (_: 'data', listen: (text: string) => void) => {
      listener = listen
    },
    off: () => undefined,
    resume: () => undefined,
    pause: () => undefined,
  }
  const write = (text: string): void => {
    if (!text.endsWith(': ')) return
    asked.push(text)
    queueMicrotask(() => listener?.(`${waiting.shift() ?? ''}\r`))
  }
  return { openKeyboard: () => openKeyboard(input, { write, interrupt: () => undefined }) }
}
