import type { Page } from '@preceptor/client'
import { cursorOf } from './use-pages.ts'

const MOST_PAGES = 20

/** Reads a list to its end, for what is shown as a whole; lists that grow without bounds are read page by page instead. */
export async function readAll<Item>(
  read: (query: { readonly limit: number; readonly cursor?: string }) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const items: Item[] = []
  let cursor: string | undefined
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await read({ limit: 100, ...cursorOf(cursor) })
    items.push(...page.items)
    if (page.next === null) break
    cursor = page.next
  }
  return items
}
