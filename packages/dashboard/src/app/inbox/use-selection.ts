import { useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { type InboxSearch, readInboxSearch } from './inbox-search.ts'

/** Which proposals are selected; it stands in the address. */
export interface Selection {
  readonly ids: ReadonlySet<string>
  /** Selects or leaves out one; with a range, everything from the last one to it. */
  toggle(id: string, isRange: boolean): void
  clear(): void
}

/** The selection of the list, in its order. */
export function useSelection({ select = [] }: InboxSearch, order: readonly string[]): Selection {
  const navigate = useNavigate()
  const last = useRef<string>(undefined)
  const ids = new Set(select)
  const put = (chosen: readonly string[]): void =>
    void navigate({
      to: '.',
      search: (search) => readInboxSearch({ ...search, select: chosen }),
      replace: true,
    })
  return {
    ids,
    toggle(id, isRange) {
      const from = order.indexOf(last.current ?? '')
      const to = order.indexOf(id)
      last.current = id
      if (isRange && from >= 0 && to >= 0) {
        const range = order.slice(Math.min(from, to), Math.max(from, to) + 1)
        put([...new Set([...select, ...range])])
      } else put(ids.has(id) ? select.filter((one) => one !== id) : [...select, id])
    },
    clear: () => put([]),
  }
}
