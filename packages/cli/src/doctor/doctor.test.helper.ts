import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import type { Hono } from 'hono'
import { afterAll, afterEach } from 'vitest'
import { runLine } from '../run-line.test.helper.ts'

/** A folder in which there is nothing. */
const NOWHERE = join(tmpdir(), 'preceptor-is-not-here')

/** What ends with the present test, the last first, and a folder for its files; each file of tests asks for its own. */
export function useSetups(): { readonly root: string; readonly closing: (() => Promise<unknown>)[] } {
  const root = mkdtempSync(join(tmpdir(), 'preceptor-broken-'))
  const closing: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  return { root, closing }
}

/** What one check found. */
export interface Found {
  readonly name: string
  readonly state: string
  readonly message: string
  readonly advice?: string
  readonly code?: string
}

/** What the command finds, by the name of the check, and its exit code. */
export async function doctor(
  env: Readonly<Record<string, string>>,
  ...flags: readonly string[]
): Promise<{ readonly code: number; readonly found: (name: string) => Found | undefined; readonly printed: string }> {
  const line = ['doctor', '--data-folder', NOWHERE, '--json', ...flags]
  const { code, printed } = await runLine(line, { env })
  const { checks } = JSON.parse(printed) as { readonly checks: readonly Found[] }
  return { code, printed, found: (name: string) => checks.find((check) => check.name === name) }
}

/** Serves an app at a free port until the end of the test. */
export async function listening(closing: (() => Promise<unknown>)[], app: Hono): Promise<string> {
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise<void>((resolve) => server.once('listening', () => resolve()))
  closing.push(() => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
