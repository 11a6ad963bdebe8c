import type { SimulatedRoute } from '@preceptor/client'
import { defineMessages } from '../text/messages.ts'

/** Where a policy sends an attempt, in the order from the least look at it to none of it. */
export const RULED_ROUTES: readonly SimulatedRoute[] = ['execution', 'supervision', 'proposal', 'training', 'denied']

/** Words of these routes. */
export const ROUTE_WORDS = defineMessages<SimulatedRoute>('routes', {
  execution: 'Runs',
  supervision: 'Runs watched',
  proposal: 'Is proposed',
  training: 'Is trained',
  denied: 'Is denied',
})
