/** A fenced block of code. */
export interface CodeBlock {
  /** As stated behind the fence, in lower case; empty where none is. */
  readonly language: string
  readonly code: string
  readonly isClosed: boolean
}

/** A heading. */
export interface Heading {
  /** 1..6. */
  readonly level: number
  readonly text: string
}

/** A link. */
export interface Link {
  readonly text: string
  readonly target: string
}

/** The parts of a text of Markdown that checks look at. */
export interface Markdown {
  readonly blocks: readonly CodeBlock[]
  readonly headings: readonly Heading[]
  readonly links: readonly Link[]
  /** The lines outside of fenced blocks. */
  readonly prose: readonly string[]
}

const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)[^`]*$/
const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*$/
const LINK = /\[([^[\]]*)\]\(([^()\s]*)(?:\s+"[^"]*")?\)/g

/** Reads headings, links and fenced blocks, line by line: time is linear in the text. */
export function readMarkdown(text: string): Markdown {
  const blocks: CodeBlock[] = []
  const prose: string[] = []
  let open: { readonly fence: string; readonly language: string; readonly lines: string[] } | null = null
  for (const line of text.split(/\r?\n/)) {
    const [, fence, language = ''] = FENCE.exec(line) ?? []
    if (open !== null) {
      const closes = fence !== undefined && language === '' && fence.startsWith(open.fence)
      if (closes) blocks.push({ language: open.language, code: open.lines.join('\n'), isClosed: true })
      else open.lines.push(line)
      if (closes) open = null
    } else if (fence !== undefined) open = { fence, language: language.toLowerCase(), lines: [] }
    else prose.push(line)
  }
  if (open !== null) blocks.push({ language: open.language, code: open.lines.join('\n'), isClosed: false })
  return { blocks, prose, headings: prose.flatMap(headingOf), links: prose.flatMap(linksOf) }
}

/** The name by which a link reaches a heading, as code hosts make it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
}

function headingOf(line: string): readonly Heading[] {
  const [, marks, text] = HEADING.exec(line) ?? []
  return marks === undefined || text === undefined ? [] : [{ level: marks.length, text }]
}

function linksOf(line: string): readonly Link[] {
  return [...line.replace(/`[^`]*`/g, '').matchAll(LINK)].map(([, text = '', target = '']) => ({ text, target }))
}
