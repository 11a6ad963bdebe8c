import { FLEET } from './fleet.ts'
import { decisionIn, type HttpClient } from './http-client.ts'
import type { Log } from './log.ts'
import type { Shop } from './shop.ts'

/** The action of the synchronisation, which is declared by the host and not by an adapter. */
export const STOCK_ACTION = {
  'stock.set': {
    risk: 'medium',
    // To set the same number twice is to set it once, so that a run needs no claim.
    idempotent: true,
    description: 'Sets the stock of an article.',
    args: {
      type: 'object',
      properties: { article: { type: 'string' }, pieces: { type: 'integer', minimum: 0 } },
      required: ['article', 'pieces'],
      additionalProperties: false,
    },
  },
} as const

/** A service brings a batch of changes in the name of the agents: each is decided for itself, and what may run is done. */
export async function syncStock(
  { client, log, shop }: { readonly client: HttpClient; readonly log: Log; readonly shop: Shop },
  round: string,
): Promise<void> {
  const triggers = FLEET.map(({ id }, index) => ({
    agent: id,
    action: 'stock.set',
    args: { article: `article-${index + 1}`, pieces: 10 * (index + 1) },
    idempotencyKey: `${round}-sync-${id}`,
  }))
  const { items } = await client.require({ method: 'post', path: '/api/triggers/batch', body: { triggers } })
  if (!Array.isArray(items)) return
  for (const [index, { agent, args, idempotencyKey: key }] of triggers.entries()) {
    const decision = decisionIn({ body: items[index] })
    if (decision === undefined) continue
    const ran = decision.route === 'execution'
    log.add(decision, { adapter: 'http', ran })
    if (ran) shop.setStock({ agent, adapter: 'http', key }, args.article, args.pieces)
  }
}
