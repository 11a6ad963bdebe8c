import type { CheckSubject } from './check.ts'
import { type CodeBlock, readMarkdown } from './markdown.ts'

/** The blocks of code of an answer: its fenced blocks, or all of it where its format is code alone. */
export function codeBlocks({ answer, format, context }: CheckSubject): readonly CodeBlock[] {
  const { blocks } = readMarkdown(answer)
  if (blocks.length > 0 || format !== 'code') return blocks
  const stated = context?.language
  return [{ language: typeof stated === 'string' ? stated.toLowerCase() : '', code: answer, isClosed: true }]
}
