import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, expect } from 'vitest'
import { runningThreads } from './worker-threads.ts'

const METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const

// What keeps a process alive and belongs to a test: sockets, servers and child processes, and worker threads beside them.
const WATCHED = new Set(['ProcessWrap', 'TCPServerWrap', 'TCPSocketWrap'])
const GRACE_MS = 5_000

const original = Object.fromEntries(METHODS.map((method) => [method, console[method]]))
let printed: string[] = []

beforeEach(() => {
  printed = []
  for (const method of METHODS)
    console[method] = (...values: unknown[]) => void printed.push(values.map(String).join(' '))
})

afterEach(() => {
  Object.assign(console, original)
  expect(printed, 'a test must not print: assert on what is said instead').toEqual([])
})

function openHandles(): string[] {
  const resources = process.getActiveResourcesInfo().filter((kind) => WATCHED.has(kind))
  return [...resources, ...Array.from({ length: runningThreads() }, () => 'Worker')].sort()
}

const before = openHandles()

/** The handles that were opened since the file was loaded, after those that are just closing have had time to. */
async function leakedHandles(): Promise<string[]> {
  const end = Date.now() + GRACE_MS
  for (;;) {
    const rest = [...before]
    const leaked = openHandles().filter((kind) => {
      const known = rest.indexOf(kind)
      if (known >= 0) rest.splice(known, 1)
      return known < 0
    })
    if (leaked.length === 0 || Date.now() > end) return leaked
    await sleep(50)
  }
}

// Hooks run in reverse order, so this one comes after those of the file.
afterAll(async () => {
  expect(await leakedHandles(), 'the tests of this file left something open').toEqual([])
})
