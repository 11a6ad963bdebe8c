import type { Page } from '@preceptor/client'

/** What was read of a list, and whether that was all of it. */
export interface ReadList<Item> {
  readonly items: readonly Item[]
  readonly isWhole: boolean
}

/** Reads page after page until a list ends, an item is behind what is wanted, or so many were read. */
export async function readAll<Item>(
  read: (cursor: string | undefined) => Promise<Page<Item>>,
  { most, isBehind = () => false }: { readonly most: number; readonly isBehind?: (item: Item) => boolean },
): Promise<ReadList<Item>> {
  const items: Item[] = []
  let cursor: string | undefined
  for (;;) {
    const page = await read(cursor)
    items.push(...page.items)
    const last = page.items.at(-1)
    if (page.next === null || (last !== undefined && isBehind(last))) return { items, isWhole: true }
    if (items.length >= most) return { items, isWhole: false }
    cursor = page.next
  }
}
