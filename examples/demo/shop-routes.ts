import type { Governor, JsonObject } from '@preceptor/client'
import { type GovernanceEnv, governance, identify } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import type { Shop } from './shop.ts'
import { SHOP_ACTIONS } from './shop-actions.ts'

/** The shop over HTTP: every route stands behind the gate. */
export function shopRoutes(governor: Governor, shop: Shop): Hono<GovernanceEnv> {
  const routes = new Hono<GovernanceEnv>()
  routes.use('*', identify(governor))
  for (const { action, risk, description, method, path, params, body, perform } of SHOP_ACTIONS) {
    const schema = body === undefined ? { params } : { params, body }
    routes.on(method.toUpperCase(), path, governance({ action, risk, description, schema }), (c) => {
      const { args, decision, idempotencyKey } = c.var.governance
      const cause = { agent: decision.agent, adapter: 'http', key: idempotencyKey } as const
      const result = perform(shop, cause, { ...objectOf(args.params), ...objectOf(args.body) })
      return c.json({ decision, result })
    })
  }
  return routes
}

function objectOf(value: JsonObject[string] | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}
