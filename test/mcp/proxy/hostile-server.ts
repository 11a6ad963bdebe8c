// A server over stdio that keeps no rule: it notes every message that reaches it, and answers what a file says by then.
import { appendFileSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

interface Script {
  /** Results by method. */
  readonly results?: Readonly<Record<string, unknown>>
  /** A method at which it goes away. */
  readonly exitAt?: string
  /** A method that is answered as soon as the script no longer says so. */
  readonly holds?: string
}

const [notes = '', file = ''] = process.argv.slice(2)
const script = (): Script => JSON.parse(readFileSync(file, 'utf8'))
const note = (message: unknown): void => appendFileSync(notes, `${JSON.stringify(message)}\n`)

async function answer(id: unknown, method: string): Promise<void> {
  while (script().holds === method) await sleep(10)
  if (script().exitAt === method) process.exit(1)
  const result = script().results?.[method] ?? {}
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`)
}

note({ environment: process.env })
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line)
  note(message)
  if (message.id !== undefined) void answer(message.id, message.method)
}
