import type { HostAction } from '@preceptor/core/plugin'
import { z } from 'zod'

const LONGEST_QUESTION = 2_000

const args = z.strictObject({
  question: z.string().min(1).max(LONGEST_QUESTION),
  data: z.record(z.string(), z.json()).default({}),
})

/** The question of an approval step: people decide, and nothing runs. Only people do, as at high risk. */
export const approvalAction: HostAction = {
  args,
  risk: 'high',
  // Nothing runs, so whoever was interrupted may read the answer again.
  idempotent: true,
  asksPeople: true,
  description: 'A step of a workflow that waits for people.',
  summary: ({ question }) => String(question).slice(0, 200),
}
