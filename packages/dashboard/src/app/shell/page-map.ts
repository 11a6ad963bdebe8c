/** A page of the dashboard as the navigation knows it. */
export interface PageEntry {
  /** Its name among the texts of the shell. */
  readonly name: PageName
  readonly path: PagePath
  /** What follows G to go there; some are reached by the pointer, Tab or the palette alone. */
  readonly key?: string
  /** A plugin that the host must have for it. */
  readonly feature?: string
}

/** Where the pages are, below the mount. */
export type PagePath =
  | '/inbox'
  | '/live'
  | '/agents'
  | '/training'
  | '/learning'
  | '/workflows'
  | '/collab'
  | '/analytics'
  | '/alerts'
  | '/audit'
  | '/settings'

/** Names of the pages. */
export type PageName =
  | 'inbox'
  | 'live'
  | 'agents'
  | 'training'
  | 'learning'
  | 'workflows'
  | 'collaboration'
  | 'analytics'
  | 'alerts'
  | 'audit'
  | 'settings'

/** Every page that the navigation leads to, in its order. */
export const PAGES: readonly PageEntry[] = [
  { name: 'inbox', path: '/inbox', key: 'i' },
  { name: 'live', path: '/live', key: 'l' },
  { name: 'agents', path: '/agents', key: 'a' },
  { name: 'training', path: '/training', key: 't' },
  { name: 'learning', path: '/learning', key: 'e', feature: 'learning' },
  { name: 'workflows', path: '/workflows', key: 'w', feature: 'orchestration' },
  { name: 'collaboration', path: '/collab', key: 'c', feature: 'orchestration' },
  { name: 'analytics', path: '/analytics', key: 'n' },
  { name: 'alerts', path: '/alerts' },
  { name: 'audit', path: '/audit', key: 'u' },
  { name: 'settings', path: '/settings', key: 's' },
]
