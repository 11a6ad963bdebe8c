import { z } from 'zod'

/** The version that a reviewer was shown. */
export const reviewedVersion: { readonly version: z.ZodInt; readonly actionHash: z.ZodString } = {
  version: z.int().min(1),
  actionHash: z.string().regex(/^[0-9a-f]{64}$/, 'give the action hash that was shown'),
}

/** Why a reviewer decided so. */
export const reviewReason: z.ZodString = z.string().trim().min(1).max(1_000)
