import type { Risk } from '@preceptor/client'
import { z } from 'zod'
import type { Cause, Shop } from './shop.ts'

const order = z.string().regex(/^\d{4}$/, 'an order number has four digits')

/** What an agent can attempt in the shop, the same for every adapter. */
export interface ShopAction {
  readonly action: string
  readonly risk: Risk
  readonly description: string
  /** Name of the LangChain tool. */
  readonly tool: string
  /** Where it is over HTTP; what stands in the path comes from the path. */
  readonly method: 'get' | 'post'
  readonly path: string
  readonly params: z.ZodObject
  readonly body: z.ZodObject | undefined
  readonly perform: (shop: Shop, cause: Cause, args: Readonly<Record<string, unknown>>) => object
}

const refundBody = z.strictObject({ cents: z.int().positive().max(100_000) })
const noteBody = z.strictObject({ text: z.string().min(1).max(200) })
const closeBody = z.strictObject({ day: z.iso.date() })
const orderParams = z.object({ order })

/** The four actions, from harmless to critical. */
export const SHOP_ACTIONS: readonly ShopAction[] = [
  {
    action: 'order.read',
    risk: 'safe',
    description: 'Reads an order.',
    tool: 'order_read',
    method: 'get',
    path: '/orders/:order',
    params: orderParams,
    body: undefined,
    perform: (shop, cause, args) => shop.readOrder(cause, orderParams.parse(args).order),
  },
  {
    action: 'note.write',
    risk: 'medium',
    description: 'Writes a note on an order.',
    tool: 'note_write',
    method: 'post',
    path: '/orders/:order/notes',
    params: orderParams,
    body: noteBody,
    perform: (shop, cause, args) => {
      const parsed = orderParams.extend(noteBody.shape).parse(args)
      return shop.writeNote(cause, parsed.order, parsed.text)
    },
  },
  {
    action: 'refund.create',
    risk: 'high',
    description: 'Refunds an amount, in cents, to the customer of an order.',
    tool: 'refund_create',
    method: 'post',
    path: '/orders/:order/refunds',
    params: orderParams,
    body: refundBody,
    perform: (shop, cause, args) => {
      const parsed = orderParams.extend(refundBody.shape).parse(args)
      return shop.refund(cause, parsed.order, parsed.cents)
    },
  },
  {
    action: 'ledger.close',
    risk: 'critical',
    description: 'Closes the ledger of a day; this cannot be undone.',
    tool: 'ledger_close',
    method: 'post',
    path: '/ledger/close',
    params: z.object({}),
    body: closeBody,
    perform: (shop, cause, args) => shop.closeLedger(cause, closeBody.parse(args).day),
  },
]
