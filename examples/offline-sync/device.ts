// The device, in a process of its own that ends after each task: all that it knows the next time is what its file holds.
import { orderOf } from '../serve-plane.ts'
import type { AnswerLine, Attempt, DeviceOrder, DeviceReport } from './messages.ts'
import { type Outbox, openOutbox } from './outbox.ts'

const order = await orderOf<DeviceOrder>()
const outbox = openOutbox(order.file)
process.send?.(await carryOut(order), () => process.disconnect())

async function carryOut(task: DeviceOrder): Promise<DeviceReport> {
  if (task.task === 'sync') return sync(outbox, task)
  for (const attempt of task.attempts) outbox.record(attempt)
  return { sent: 0, answered: 0, isCut: false }
}

/** Sends everything that is open in one batch, and keeps each answer as it comes. */
async function sync(
  { open, settle }: Outbox,
  { url, key }: { readonly url: string; readonly key: string },
): Promise<DeviceReport> {
  const attempts = open()
  let answered = 0
  if (attempts.length === 0) return { sent: 0, answered, isCut: false }
  try {
    for await (const line of send(attempts, { url, key })) {
      settle(line)
      answered += 1
    }
    return { sent: attempts.length, answered, isCut: false }
  } catch (error) {
    // Whatever came of it: what has no answer is sent again.
    if (!(error instanceof TypeError)) throw error
    return { sent: attempts.length, answered, isCut: true }
  }
}

async function* send(
  attempts: readonly Attempt[],
  { url, key }: { readonly url: string; readonly key: string },
): AsyncGenerator<AnswerLine> {
  const response = await fetch(`${url}/sync`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ attempts }),
  })
  if (!response.ok || response.body === null) throw new Error(`${response.status}: ${await response.text()}`)
  let text = ''
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    text += part
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) yield JSON.parse(line)
  }
}
