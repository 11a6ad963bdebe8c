import type { ComponentProps, ReactNode } from 'react'
import { useIsEmbedded } from '../data/embedding.ts'

/** What the page is about; in a page of somebody else, which has its own, a part of it. */
export function Main(props: Omit<ComponentProps<'main'>, 'id'>): ReactNode {
  return useIsEmbedded() ? <section {...props} /> : <main id="main" {...props} />
}
