import type { SimulatedRoute } from '@preceptor/client'

/** Where a policy sends an attempt, in the order from the least look at it to none of it. */
export const RULED_ROUTES: readonly SimulatedRoute[] = ['execution', 'supervision', 'proposal', 'training', 'denied']
