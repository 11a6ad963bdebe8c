import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ControlScope, connectGovernor } from '@preceptor/client'
import { createTestGovernor } from '@preceptor/core/testing'
import { governanceApi } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { openKeyboard } from './keyboard.ts'
import { listen } from './listen.ts'
import { type Result, type RunOptions, runLine } from './run-line.test.helper.ts'

/** A server with a folder for the files of a test. */
export interface Plane {
  readonly folder: string
  /** How a command line is told of it. */
  readonly env: { readonly PRECEPTOR_URL: string; readonly PRECEPTOR_TOKEN: string }
  /** Ana, an administrator. */
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

/** Serves a plane as `preceptor serve` does, with an administrator who has a key. */
export async function startPlane(): Promise<Plane> {
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-plane-'))
  const test = await createTestGovernor({ actions: {} })
  const listening = await listen(new Hono().route('/api', governanceApi(test.governor)), { host: '127.0.0.1', port: 0 })
  const url = `${listening.address}/api`
  await test.admin.members.put('ana', { displayName: 'Ana', roles: ['admin'] })
  const asked = { displayName: 'ana', principalKind: 'user', principalId: 'ana', roles: ['admin'] } as const
  const { secret: token } = await test.admin.keys.create(asked)
  const governor = connectGovernor({ url, token })
  const admin = governor.as(await governor.authenticate(token))
  const env = { PRECEPTOR_URL: url, PRECEPTOR_TOKEN: token }
  const cli: Plane['cli'] = (args, options = {}) => runLine(args, { ...options, env })
  const opened = [governor]
  return {
    folder,
    env,
    admin,
    cli,
    async ask(...args) {
      const { code, printed, noted } = await cli([...args, '--json'])
      return { code, json: JSON.parse(printed), noted }
    },
    async agent(id) {
      const { secret } = await admin.keys.create({ displayName: id, principalKind: 'agent', principalId: id })
      const own = connectGovernor({ url, token: secret })
      opened.push(own)
      return own.as(await own.authenticate(secret))
    },
    async close() {
      for (const one of opened) await one.close()
      await listening.close()
      await test.close()
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
