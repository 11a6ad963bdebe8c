import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { readSessionSearch, type SessionSearch } from './session-search.ts'

const route = getRouteApi('/live/$sessionId')

/** What the address of the page says, and how that is changed; undefined takes a part away. */
export function useSessionSearch(): readonly [
  SessionSearch,
  (part: { readonly [Key in keyof SessionSearch]?: SessionSearch[Key] | undefined }) => void,
] {
  const search = route.useSearch()
  const navigate = useNavigate()
  return [
    search,
    (part) =>
      void navigate({
        to: '.',
        search: (before) => readSessionSearch({ ...before, ...part }),
        replace: true,
        resetScroll: false,
      }),
  ]
}
