import { createRootRoute } from '@tanstack/react-router'
import { Layout } from './layout.tsx'
import { NotFound } from './not-found.tsx'
import { PageFault } from './page-fault.tsx'

/** What every page stands in. */
export const rootRoute = createRootRoute({ component: Layout, notFoundComponent: NotFound, errorComponent: PageFault })
