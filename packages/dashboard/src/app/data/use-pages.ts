import type { Page } from '@preceptor/client'
import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

/** A list that is read page by page. */
export interface PagedList<Item> {
  readonly items: readonly Item[]
  readonly isPending: boolean
  readonly error: unknown
  readonly hasMore: boolean
  readonly isReading: boolean
  more(): void
}

interface Paged<Item> {
  readonly queryKey: QueryKey
  /** Reads the page behind a cursor; undefined for the first. */
  readonly read: (cursor: string | undefined) => Promise<Page<Item>>
  readonly isOn?: boolean
}

/** Reads a list page by page, and anew when events touched the first word of its key. */
export function usePages<Item>({ queryKey, read, isOn = true }: Paged<Item>): PagedList<Item> {
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => read(pageParam ?? undefined),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: isOn,
  })
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
  return {
    items,
    isPending: list.isPending,
    error: list.error,
    hasMore: list.hasNextPage,
    isReading: list.isFetching,
    more: () => void list.fetchNextPage(),
  }
}

/** The cursor of a page query; absent for the first page. */
export const cursorOf = (cursor: string | undefined): { readonly cursor?: string } =>
  cursor === undefined ? {} : { cursor }
