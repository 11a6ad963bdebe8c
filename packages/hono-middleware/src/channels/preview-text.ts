import { type JsonValue, type PreviewBlock, visibleJson, visibleText } from '@preceptor/client'

/** A preview as plain text: what an action shows to reviewers, on a surface that draws nothing. */
export function previewText(blocks: readonly PreviewBlock[]): string {
  return blocks.map((block) => visibleText(blockText(block))).join('\n\n')
}

function blockText(block: PreviewBlock): string {
  switch (block.kind) {
    case 'kv':
      return block.items.map(({ label, value }) => `${label}: ${value}`).join('\n')
    case 'text':
      return block.text
    case 'diff':
      return `Before:\n${block.before}\nAfter:\n${block.after}`
    case 'code':
      return block.code
    case 'table':
      return [block.columns, ...block.rows].map((row) => row.map(cellText).join(' | ')).join('\n')
    case 'money':
      return `${block.label ?? 'Amount'}: ${block.amount} ${block.currency}`
    case 'recipients':
      return `To: ${block.items.join(', ')}`
    case 'link':
      return `${block.label ?? 'Link'}: ${block.url}`
    case 'warning':
      return `Warning: ${block.text}`
    default:
      block satisfies never
      return ''
  }
}

function cellText(cell: JsonValue): string {
  return typeof cell === 'string' ? cell : visibleJson(cell)
}
