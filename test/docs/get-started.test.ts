import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { makePlace, startProgram } from '../e2e/demo-process.ts'
import { ROOT } from '../structure/sources.ts'
import { verifies } from '../verifies.ts'
import { type ModelServer, startModelServer } from './model-server.ts'
import { codeBlocks, documentationPages, pageText } from './pages.ts'

const TIMEOUT_MS = 120_000
const pages = documentationPages().filter((path) => path.startsWith('docs/get-started/'))
const STARTS = new Map([
  ['docs/get-started/bullmq.md', { ends: /^refunded 500 cents of order 17$/m }],
  ['docs/get-started/hono.md', { ends: /^200: \{"refunded":"o-17"\}$/m }],
  ['docs/get-started/langchain.md', { ends: /^Refunded 500 cents of order 17\.$/m }],
  ['docs/get-started/mcp.md', { ends: /^\{.*"mayRun":true.*\}$/m }],
])

let model: ModelServer

beforeAll(async () => {
  model = await startModelServer()
})
afterAll(() => model?.close())

/** Writes the program of a page where the packages resolve, as somebody who reads the page would. */
function saveProgram(page: string): string {
  // What comes after it is a part of a program of the reader's own.
  const [code] = codeBlocks(pageText(page), 'ts')
  if (code === undefined) throw new Error(`${page} must have a program.`)
  const parent = join(ROOT, 'test', 'dist')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'start-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'start.mjs')
  writeFileSync(file, code)
  return file
}

/** Takes the line of curl that a program printed apart, and sends the same. */
async function approve([, address = '', token = '', body = '']: RegExpExecArray): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return (await fetch(address, { method: 'POST', headers, body })).status
}

const CURL = /^curl (\S+) -H 'Authorization: Bearer (\S+)' -H 'Content-Type: application\/json' -d '(.*)'$/m

async function freePort(): Promise<number> {
  const server = await startModelServer()
  const { port } = new URL(server.url)
  await server.close()
  return Number(port)
}

describe('docs/get-started', () => {
  it('has a test of every page', () => {
    expect(pages).toEqual([...STARTS.keys()])
  })

  it.each(pages)(
    verifies('DOC-1', '%s: the program of the page ends with the approved run'),
    async (page) => {
      const place = makePlace()
      onTestFinished(() => place.remove())
      const env = { PORT: String(await freePort()), OPENAI_API_KEY: 'none', OPENAI_BASE_URL: model.url }
      const program = startProgram(place, { file: saveProgram(page), args: [], env })
      const early = program.ended.then((code) =>
        Promise.reject(new Error(`It ended with ${code}.\n${program.stderr()}`)),
      )
      const shown = await Promise.race([program.waitFor(CURL), early])
      early.catch(() => undefined)
      const ends = STARTS.get(page)?.ends ?? /never/
      expect(program.stdout()).not.toMatch(ends)
      expect(await approve(shown), program.stderr()).toBe(200)
      expect(await program.ended, program.stderr()).toBe(0)
      expect(program.stdout()).toMatch(ends)
    },
    TIMEOUT_MS,
  )

  it.each(pages)(
    verifies(['DOC-1', 'OPS-1'], '%s: at most three commands, and what is imported is installed'),
    (page) => {
      const text = pageText(page)
      const commands = codeBlocks(text, 'sh').flatMap((block) => block.trim().split('\n'))
      // The third is the line that the program prints.
      expect(commands.length).toBeLessThanOrEqual(2)
      const installed = (commands[0] ?? '').replace('npm install ', '').split(' ')
      const [code = ''] = codeBlocks(text, 'ts')
      const imported = [...code.matchAll(/ from '([^']+)'/g)]
        .map(([, name = '']) =>
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        )
        .filter((name) => !name.startsWith('node:'))
      expect(imported.length).toBeGreaterThan(4)
      expect(imported.filter((name) => !installed.includes(name))).toEqual([])
    },
  )
})
