import { redactText } from '@preceptor/core/plugin'
import { z } from 'zod'

/** Characters of an input, an answer or a correction. */
export const LONGEST_TEXT = 20_000
/** Characters of a comment. */
export const LONGEST_COMMENT = 4_000
/** Characters of what a sub-agent or a subprocess was to do. */
export const LONGEST_TASK = 2_000
/** Tags of one piece of feedback, or of one example. */
const MOST_TAGS = 20

const UNSTORABLE = /\0|\p{Surrogate}/u
const TAG = /^[A-Za-z0-9._:-]{1,64}$/

/**
 * A text that somebody wrote, of so many characters after the blanks around it are gone. A secret in it that can be
 * recognised is gone before anything keeps it.
 */
export function storedText(longest: number, { least = 1 }: { readonly least?: 0 | 1 } = {}): z.ZodType<string> {
  return (
    z
      .string()
      .trim()
      .min(least)
      .max(longest)
      .refine((text) => !UNSTORABLE.test(text), 'holds U+0000 or half of a character')
      // What stands for a secret may be longer than the secret.
      .transform((text) => clip(redactText(text), longest))
  )
}

/** Tags, each of them once. */
export const tags: z.ZodType<readonly string[]> = z
  .array(z.string().regex(TAG, 'must be 1 to 64 letters, digits, ".", "_", "-" or ":"'))
  .max(MOST_TAGS)
  .transform((all) => [...new Set(all)])

/** Those of the texts that can be tags, each once, and no more than there may be. */
export function tagsOf(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter((text) => TAG.test(text)))].slice(0, MOST_TAGS)
}

/** The beginning of a text, with no character cut in half. */
export function clip(text: string, longest: number): string {
  return text.length <= longest ? text : text.slice(0, longest).replace(/\p{Surrogate}$/u, '')
}
