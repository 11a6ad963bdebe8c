import type { SimulatedRoute } from '@preceptor/client'
import { defineMessages } from '../text/messages.ts'

/** Words of the routes that a policy sends attempts on. */
export const ROUTE_WORDS = defineMessages<SimulatedRoute>('routes', {
  execution: 'Runs',
  supervision: 'Runs watched',
  proposal: 'Is proposed',
  training: 'Is trained',
  denied: 'Is denied',
})
