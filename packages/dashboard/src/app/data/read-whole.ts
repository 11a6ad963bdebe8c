import type { Page } from '@preceptor/client'
import { readAll } from './read-all.ts'
import { cursorOf } from './use-pages.ts'

const MOST = 2_000

/** Reads a list to its end, for what is shown as a whole; lists that grow without bounds are read page by page instead. */
export async function readWhole<Item>(
  read: (query: { readonly limit: number; readonly cursor?: string }) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const { items } = await readAll((cursor) => read({ limit: 100, ...cursorOf(cursor) }), { most: MOST })
  return items
}
