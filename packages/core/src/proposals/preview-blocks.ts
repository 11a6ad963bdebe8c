import type { JsonObject, PreviewBlock } from '@preceptor/client'
import { z } from 'zod'
import { assertJsonObject } from '../kernel/json-guard.ts'

const MOST_BLOCKS = 20
const MOST_BYTES = 16_384
const ROOM_FOR_ALL = MOST_BLOCKS * (MOST_BYTES + 1) + 64

const short = z.string().min(1).max(200)
const text = z.string()
const language = z
  .string()
  .regex(/^[\w+#.-]{1,40}$/)
  .exactOptional()
const value = z.union([text, z.number(), z.boolean(), z.null()])

const block: z.ZodType<PreviewBlock> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('kv'), items: z.array(z.strictObject({ label: short, value })).min(1) }),
  z.strictObject({ kind: z.literal('text'), text }),
  z.strictObject({ kind: z.literal('diff'), before: text, after: text, language }),
  z.strictObject({ kind: z.literal('code'), code: text, language }),
  z.strictObject({
    kind: z.literal('table'),
    columns: z.array(short).min(1).max(50),
    rows: z.array(z.array(z.json())),
  }),
  z.strictObject({
    kind: z.literal('money'),
    amount: z.int(),
    currency: z.string().regex(/^[A-Z]{3}$/),
    label: short.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('recipients'), items: z.array(short).min(1) }),
  z.strictObject({
    kind: z.literal('link'),
    url: z.url({ protocol: /^https?$/ }).max(2_048),
    label: short.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('warning'), text: z.string().min(1).max(2_000) }),
])

const blocks = z
  .array(block)
  .max(MOST_BLOCKS)
  .refine((all) => all.every((one) => Buffer.byteLength(JSON.stringify(one)) <= MOST_BYTES))
  .refine((all) =>
    all.every((one) => one.kind !== 'table' || one.rows.every((row) => row.length === one.columns.length)),
  )

/** Takes what the preview of an action gave, as a copy; undefined when it is not at most 20 blocks of at most 16 kB each. */
export function parseBlocks(given: unknown): readonly PreviewBlock[] | undefined {
  let copied: JsonObject
  try {
    copied = assertJsonObject({ given }, { name: 'preview', maxBytes: ROOM_FOR_ALL })
  } catch {
    return undefined
  }
  return blocks.safeParse(copied.given).data
}
