import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { Stage } from './stage.ts'

const READERS = { ada: 'admin', sue: 'supervisor', vic: 'viewer' } as const

/** Listens to everything that is streamed to people, until the function that is given is called. */
export async function listenToStreams(stage: Stage): Promise<() => void> {
  const ends = await Promise.all([
    ...Object.keys(READERS).map((as) => listenTo(stage, as as keyof typeof READERS, '/events')),
    ...Object.keys(READERS).map((as) => listenToSocket(stage, as as keyof typeof READERS)),
  ])
  return () => {
    for (const end of ends) end()
  }
}

/** Listens to one stream of events. */
export async function listenTo(stage: Stage, as: keyof typeof READERS, path: string): Promise<() => void> {
  const controller = new AbortController()
  const headers = { authorization: `Bearer ${stage.keys[as]}` }
  const response = await fetch(`${stage.api}${path}`, { headers, signal: controller.signal })
  const read = async (): Promise<void> => {
    const { body } = response
    if (body === null) return
    for await (const chunk of body.pipeThrough(new TextDecoderStream()))
      stage.sinks.add(`stream to ${READERS[as]}`, chunk)
  }
  void read().catch(() => undefined)
  return () => controller.abort()
}

async function listenToSocket(stage: Stage, as: keyof typeof READERS): Promise<() => void> {
  const socket = new WebSocket(`${stage.api.replace('http', 'ws')}/ws`, {
    headers: { authorization: `Bearer ${stage.keys[as]}` },
  })
  socket.on('message', (data) => stage.sinks.add(`socket of ${READERS[as]}`, String(data)))
  await once(socket, 'open')
  for (const topic of ['workspace', 'agent:intern', 'agent:watched', 'agent:free', `user:${as}`]) {
    socket.send(JSON.stringify({ type: 'subscribe', topic }))
  }
  return () => socket.terminate()
}
