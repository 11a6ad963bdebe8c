// Entry of the worker thread that owns the engine: bytes of the wire protocol in, bytes out, one group at a time. It
// knows nothing of sessions or deadlines, so that ending it at any moment is safe.
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'

/** What the thread is started with. */
export interface ThreadPlace {
  /** A path, or `memory://`. */
  readonly location: string
  /** An archive to begin with; null to make a new database, or open the one that is there. */
  readonly image: string | null
}

/** A request of the host thread. */
export type ThreadRequest = { readonly run: Uint8Array<ArrayBuffer> } | { readonly close: true }

/** An answer to it; `opened` comes once, unasked. */
export type ThreadReply =
  | { readonly opened: true }
  | { readonly ran: Uint8Array<ArrayBuffer> }
  | { readonly closed: true }
  | { readonly fault: string }

const port = parentPort
if (port !== null) void serve(port)

async function serve(host: NonNullable<typeof parentPort>): Promise<void> {
  const reply = (message: ThreadReply, transfer: ArrayBuffer[] = []): void => host.postMessage(message, transfer)
  try {
    const engine = await openEngine(workerData as ThreadPlace)
    host.on('message', (request: ThreadRequest) => {
      answer(engine, request, reply).catch((error: unknown) => reply({ fault: String(error) }))
    })
    reply({ opened: true })
  } catch (error) {
    reply({ fault: String(error) })
  }
}

async function openEngine({ location, image }: ThreadPlace): Promise<PGlite> {
  if (image === null) return PGlite.create(location)
  return PGlite.create(location, { loadDataDir: new Blob([await readFile(image)]) })
}

async function answer(
  engine: PGlite,
  request: ThreadRequest,
  reply: (message: ThreadReply, transfer?: ArrayBuffer[]) => void,
): Promise<void> {
  if ('close' in request) {
    await engine.close()
    reply({ closed: true })
    return
  }
  const chunks: Uint8Array[] = []
  // The streaming form keeps no copy of the answers; the other raw form collects every message it ever parsed.
  await engine.execProtocolRawStream(request.run, {
    syncToFs: false,
    onRawData: (chunk) => void chunks.push(chunk.slice()),
  })
  const bytes = join(chunks)
  reply({ ran: bytes }, [bytes.buffer])
}

function join(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}
