import { GovernanceError, type HostPlane } from '@preceptor/client'
import type { Context } from 'hono'
import { readQuery } from '../http-args.ts'
import { assertClaims } from '../identify.ts'
import { openStreamOf } from '../realtime/opening.ts'
import { createPlaces } from '../realtime/places.ts'
import { watchStanding } from '../realtime/watch-standing.ts'
import { parseForm } from './answer-route.ts'
import type { DownloadRoute } from './api-route.ts'

/** How downloads are bounded; times in milliseconds. */
export interface DownloadSettings {
  readonly mostOfPrincipal: number
  readonly mostOfAll: number
  /** How often the credential is looked at again. */
  readonly recheckMs: number
  /** A reader that takes nothing for so long is given up. */
  readonly stallMs: number
}

const SETTINGS: DownloadSettings = { mostOfPrincipal: 2, mostOfAll: 20, recheckMs: 2_000, stallMs: 60_000 }

/** Answers requests for texts of any length, of which only so many are read at once. */
export type DownloadAnswerer = (
  c: Context,
  route: DownloadRoute,
  onFault: (error: unknown) => void,
) => Promise<Response>

/** Makes the answerer of one API. */
export function createDownloadAnswerer(
  governor: HostPlane,
  { origins = [], settings = SETTINGS }: { readonly origins?: readonly string[]; readonly settings?: DownloadSettings },
): DownloadAnswerer {
  const places = createPlaces(settings)
  return async (c, route, onFault) => {
    const { identity, assertStanding } = await openStreamOf(c, governor, { path: route.path, origins })
    const scope = governor.as(identity)
    assertClaims(c, scope)
    const query = parseForm(route.query, readQuery(c.req.url), 'query')
    const release = places.take(identity)
    const controller = new AbortController()
    try {
      // What `HEAD` asks for is read by nobody, and would be on record as read.
      if (c.req.method === 'HEAD') throw new GovernanceError('METHOD_NOT_ALLOWED')
      const { contentType, fileName, text } = await route.open({
        governor,
        scope,
        query,
        accept: c.req.header('accept'),
        signal: controller.signal,
      })
      const end = watchStanding({ assertStanding, recheckMs: settings.recheckMs, onGone: () => controller.abort() })
      const onEnd = (): void => {
        end()
        release()
      }
      const body = textStream(text, { controller, stallMs: settings.stallMs, onEnd, onFault })
      const headers = {
        'content-type': contentType,
        ...(fileName === null ? {} : { 'content-disposition': `attachment; filename="${fileName}"` }),
        'cache-control': 'no-store',
      }
      return new Response(body, { headers })
    } catch (error) {
      release()
      throw error
    }
  }
}

interface TextStreamOptions {
  /** Ends the text; its stream then fails, so that nobody takes what came for the whole. */
  readonly controller: AbortController
  readonly stallMs: number
  /** Called once, however it ends. */
  readonly onEnd: () => void
  readonly onFault: (error: unknown) => void
}

/** A text as a stream of bytes; nothing is read before the reader asks for it. */
function textStream(text: AsyncIterable<string>, options: TextStreamOptions): ReadableStream<Uint8Array> {
  const { controller, stallMs, onEnd, onFault } = options
  const encoder = new TextEncoder()
  const iterator = text[Symbol.asyncIterator]()
  let stalled: NodeJS.Timeout | undefined
  const finish = (): void => {
    clearTimeout(stalled)
    onEnd()
  }
  const waitForReader = (): void => {
    stalled = setTimeout(() => controller.abort(), stallMs)
  }
  return new ReadableStream<Uint8Array>(
    {
      start(stream) {
        waitForReader()
        controller.signal.addEventListener('abort', () => {
          finish()
          iterator.return?.().catch(() => undefined)
          // A stream that has ended takes no error.
          stream.error(new Error('The download was ended.'))
        })
      },
      async pull(stream) {
        clearTimeout(stalled)
        try {
          const next = await iterator.next()
          if (controller.signal.aborted) return
          if (next.done === true) {
            finish()
            stream.close()
            return
          }
          waitForReader()
          stream.enqueue(encoder.encode(next.value))
        } catch (error) {
          if (controller.signal.aborted) return
          onFault(error)
          finish()
          stream.error(new Error('The download broke off.'))
        }
      },
      cancel: () => {
        finish()
        void iterator.return?.().catch(() => undefined)
      },
    },
    { highWaterMark: 0 },
  )
}
