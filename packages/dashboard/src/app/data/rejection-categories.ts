import type { RejectionCategory } from '@preceptor/client'

/** What can be wrong with a proposal, in the order in which people are asked. */
export const REJECTION_CATEGORIES: readonly RejectionCategory[] = [
  'wrong_action',
  'wrong_args',
  'wrong_time',
  'not_allowed',
  'duplicate',
  'other',
]
