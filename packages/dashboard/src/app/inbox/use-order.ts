import { createContext, useContext } from 'react'

/** Ids of the proposals in the order in which the list shows them. */
export const OrderContext = createContext<readonly string[]>([])

/** The proposal after one, in the order of the list; undefined at its end. */
export function useNextId(id: string): string | undefined {
  const order = useContext(OrderContext)
  const index = order.indexOf(id)
  return order[index + 1] ?? (index > 0 ? order[0] : undefined)
}
