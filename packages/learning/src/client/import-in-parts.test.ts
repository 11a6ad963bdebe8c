import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ExampleImport } from './feedback.ts'
import { importInParts } from './import-in-parts.ts'

describe('an import in parts', () => {
  it('sends every line once, in order, each part within a request, and names lines as they stand', async () => {
    const line = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.nat(100_000).map((length) => '"'.repeat(length)),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          line.map((text) => text.replaceAll('\n', '')),
          { minLength: 1, maxLength: 20 },
        ),
        async (lines) => {
          const parts: string[] = []
          const answer = await importInParts(lines.join('\n'), async (part): Promise<ExampleImport> => {
            parts.push(part)
            const all = part.split('\n')
            return { added: all.length, duplicates: 1, refused: [{ line: all.length, message: all.at(-1) ?? '' }] }
          })
          expect(parts.join('\n')).toBe(lines.join('\n'))
          for (const part of parts) expect(Buffer.byteLength(JSON.stringify({ lines: part }))).toBeLessThan(262_144)
          expect(answer.added).toBe(lines.length)
          expect(answer.duplicates).toBe(parts.length)
          for (const { line: number, message } of answer.refused) expect(lines[number - 1]).toBe(message)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('refuses more lines than there may be before it sends one', async () => {
    const sending = importInParts('x\n'.repeat(10_001), async () => {
      throw new Error('It was sent.')
    })
    await expect(sending).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })
})
