const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text for HTML in which nothing is markup. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? '')
}

/** The same for a mail: places to break keep programs from making links of what an agent wrote; a copy is the text as it is. */
export function inertHtml(text: string): string {
  return text
    .split(/(?<=[.:/@])/)
    .map(escapeHtml)
    .join('<wbr>')
}

/** A plain text of which programs make no link: `://` and `www.` are written with escapes that JSON reads as the same. */
export function inertText(text: string): string {
  return text.replace(/:\/\//g, ':\\/\\/').replace(/\bwww\./gi, (start) => `${start.slice(0, 3)}\\u002e`)
}
