import { REJECTION_CATEGORIES, type RejectionCategory } from '@preceptor/client'
import { z } from 'zod'
import { personText } from '../access/person-text.ts'

/** The version that a reviewer was shown. */
export const reviewedVersion: { readonly version: z.ZodInt; readonly actionHash: z.ZodString } = {
  version: z.int().min(1),
  actionHash: z.string().regex(/^[0-9a-f]{64}$/, 'give the action hash that was shown'),
}

/** Why a reviewer decided so. */
export const reviewReason: z.ZodType<string> = personText(1_000)

/** A time that a reviewer gives. */
export const reviewTime: z.ZodISODateTime = z.iso.datetime({ offset: true })

/** Why a proposal was rejected, in a word. */
export const rejectionCategory: z.ZodEnum<{ readonly [Category in RejectionCategory]: Category }> =
  z.enum(REJECTION_CATEGORIES)
