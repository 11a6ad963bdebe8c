import { createContext, useContext } from 'react'

/** Where dialogs are put: undefined for the end of the document. */
export const PortalContext = createContext<HTMLElement | undefined>(undefined)

/** The place of dialogs; inside a page of somebody else it is the part of it that is ours. */
export function usePortal(): HTMLElement | undefined {
  return useContext(PortalContext)
}
