import type { Result } from '@modelcontextprotocol/sdk/types.js'
import type { Upstream } from './upstream.ts'

const MOST_PAGES = 100

/** The pages of a list of an upstream, one after the other, 100 at most. */
export async function* pagesOf(
  upstream: Pick<Upstream, 'request'>,
  method: string,
  signal?: AbortSignal,
): AsyncGenerator<Result> {
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const params = cursor === undefined ? {} : { cursor }
    const result = await upstream.request({ method, params }, { ...(signal && { signal }) })
    yield result
    if (typeof result.nextCursor !== 'string') return
    cursor = result.nextCursor
  }
}
