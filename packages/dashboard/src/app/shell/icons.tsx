import type { ReactNode } from 'react'
import type { PageName } from './page-map.ts'

/** One line drawing of 16 by 16 for each page. */
const DRAWINGS: Readonly<Record<PageName, string>> = {
  inbox: 'M2 9.5 4 3h8l2 6.5V13H2V9.5h3.5l1 2h3l1-2H14',
  live: 'M8 6.5v3M4.5 11.5a5 5 0 0 1 0-7M11.5 4.5a5 5 0 0 1 0 7M2.3 13.7a8 8 0 0 1 0-11.4M13.7 2.3a8 8 0 0 1 0 11.4',
  agents: 'M5 6h6v6H5zM8 6V3M6.5 9h.1M9.5 9h.1M3 8v2M13 8v2',
  training: 'M1.5 6 8 3l6.5 3L8 9zM4.5 7.5V11c2 1.6 5 1.6 7 0V7.5M14.5 6v4',
  learning: 'M8 4.5C6.5 3 4 3 2 3.5V12.5c2-.5 4.5-.5 6 1 1.5-1.5 4-1.5 6-1V3.5c-2-.5-4.5-.5-6 1zM8 4.5v9',
  workflows: 'M2 3h4v3H2zM10 3h4v3h-4zM6 10h4v3H6zM6 4.5h4M4 6v2h4v2M12 6v2H8',
  collaboration:
    'M5.5 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM11 7.5a1.7 1.7 0 1 0 0-3.4M2 13c0-5 7-5 7 0M11 9.5c2 0 3 1.5 3 3.5',
  analytics: 'M2.5 2.5v11h11M5.5 10.5v-3M8.5 10.5v-6M11.5 10.5v-4.5',
  alerts: 'M4 11V7a4 4 0 0 1 8 0v4l1.2 1.5H2.8zM6.7 14.2h2.6',
  audit: 'M3.5 2h7l2 2v10h-9zM6 7h4M6 10h4',
  settings: 'M2 5h7M12 5h2M2 11h2M7 11h7M10.5 3.5v3M5.5 9.5v3',
}

/** The sign of a page, beside its name. */
export function PageIcon({ name }: { readonly name: PageName }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={DRAWINGS[name]} />
    </svg>
  )
}
