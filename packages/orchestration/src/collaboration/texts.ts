import { GovernanceError, type JsonObject } from '@preceptor/client'
import { assertJsonObject, parseInput, personText } from '@preceptor/core/plugin'
import { z } from 'zod'
import type { MemberName } from '../client/member-name.ts'

/** UTF-8 bytes of the shared context, of an input, of what is voted on, and of a result. */
const LONGEST_JSON = 65_536
const LONGEST_MESSAGE_BYTES = 16_000
const UNSTORABLE = /\0|\p{Surrogate}/u

// Postgres can neither store NUL nor half of a character.
const isStorable = (text: string): boolean => !UNSTORABLE.test(text)
const UNSTORABLE_TEXT = 'holds U+0000 or half of a character'

/** A text that the database can keep, without the secrets in it that can be recognised. */
function storedText(longest: number): z.ZodType<string> {
  return personText(longest).refine(isStorable, UNSTORABLE_TEXT)
}

/** What is to be done, or what is voted on. */
export const task: z.ZodType<string> = storedText(4_000)
/** Why a member votes as it does. */
export const voteReason: z.ZodType<string> = storedText(1_000)
/** An option of a vote; it is compared, so nothing in it is replaced. */
export const option: z.ZodType<string> = z.string().trim().min(1).max(100).refine(isStorable, UNSTORABLE_TEXT)
/** Id of a user or of a record. */
export const storedId: z.ZodType<string> = z.string().min(1).max(200).refine(isStorable, UNSTORABLE_TEXT)
/** Name of a member. */
export const storedName: z.ZodType<MemberName> = z
  .templateLiteral([z.enum(['agent', 'user']), ':', z.string().min(1).max(200)])
  .refine(isStorable, UNSTORABLE_TEXT)

const message = storedText(LONGEST_MESSAGE_BYTES)

/** @throws GovernanceError `INPUT_INVALID` */
export function parseMessage(value: string): string {
  const text = parseInput(message, value, 'text')
  if (Buffer.byteLength(text) <= LONGEST_MESSAGE_BYTES) return text
  throw new GovernanceError('INPUT_INVALID', { message: `text: it has more than ${LONGEST_MESSAGE_BYTES} bytes.` })
}

/** @throws GovernanceError `INPUT_INVALID` */
export function parseId(value: string, field = 'id'): string {
  return parseInput(storedId, value, field)
}

/** @throws GovernanceError `INPUT_INVALID`, `BODY_TOO_DEEP`, `BODY_TOO_LARGE` */
export function parseJsonObject(value: unknown, field: string): JsonObject {
  return assertJsonObject(value, { name: field, maxBytes: LONGEST_JSON })
}
