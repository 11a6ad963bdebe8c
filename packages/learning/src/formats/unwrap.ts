import { readMarkdown } from '../strategies/checks/markdown.ts'

const OUTER = /^(`{3,}|~{3,})[ \t]*(\S*)[ \t]*\r?\n([\s\S]*?)\r?\n\1[ \t]*$/
const SPEAKER = /^(?:assistant|agent|answer|reply|response)[ \t]*:[ \t]*/i
const QUOTED = /^"([^"]*)"$|^“([^“”]*)”$/

/** The only block of code, without what stands around it; several blocks are left as they are. */
export function unwrapCode(text: string): string {
  const { blocks } = readMarkdown(text)
  const [only] = blocks
  return blocks.length === 1 && only?.isClosed === true ? only.code : text.trim()
}

/** The inside of one fence around all of it, where that is text and no code. */
export function unwrapText(text: string): string {
  const trimmed = text.trim()
  const [, , language, inside] = OUTER.exec(trimmed) ?? []
  return inside !== undefined && /^(?:markdown|md|text|txt)?$/i.test(language ?? '') ? inside.trim() : trimmed
}

/** What would be said, without a name before it and quotes around it. */
export function unwrapSpeech(text: string): string {
  const said = unwrapText(text).replace(SPEAKER, '').trim()
  const [, plain, curly] = QUOTED.exec(said) ?? []
  return plain ?? curly ?? said
}
