import { GovernanceError } from '@preceptor/client'
import { z } from 'zod'
import type { AutomaticTraining, DeploymentPlan } from '../ports/training-ports.ts'

/** Options of training; every one has a default. */
export interface TrainingOptions {
  /** When agent types are trained without anybody asking; `false`: never. */
  readonly automatic?: Partial<AutomaticTraining> | false
}

const plan: z.ZodType<DeploymentPlan> = z
  .strictObject({
    tier: z.enum(['system', 'user', 'project']),
    target: z.string().min(1).max(200).exactOptional(),
    share: z.number().gt(0).max(1),
  })
  .refine(({ tier, target }) => (tier === 'system') === (target === undefined), {
    path: ['target'],
    message: 'name the user or the project, and none at the tier system',
  })
const automatic: z.ZodType<AutomaticTraining> = z.strictObject({
  after: z.int().min(1).max(10_000).default(10),
  everyHours: z.number().min(1).max(8_760).default(24),
  deploy: plan.nullable().default(null),
})

/** Reads the options. @throws GovernanceError `OPTION_INVALID`, naming those that are wrong. */
export function readTrainingOptions(options: TrainingOptions): { readonly automatic: AutomaticTraining | false } {
  if (options.automatic === false) return { automatic: false }
  const parsed = automatic.safeParse(options.automatic ?? {})
  if (parsed.success) return { automatic: parsed.data }
  const wrong = parsed.error.issues.map(({ path, message }) => `${['automatic', ...path].join('.')}: ${message}`)
  throw new GovernanceError('OPTION_INVALID', { message: `Wrong options of learning: ${wrong.join('; ')}.` })
}
