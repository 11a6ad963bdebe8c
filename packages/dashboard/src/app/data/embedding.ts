import { createContext, type RefObject, useContext } from 'react'

/** The part of somebody else's page that is ours; nothing in the dashboard, where the whole page is. */
export const EmbeddingContext = createContext<RefObject<HTMLElement | null> | undefined>(undefined)

/** Whether the address, the keys and the main part of the page are those of somebody else. */
export function useIsEmbedded(): boolean {
  return useContext(EmbeddingContext) !== undefined
}
