import { partsText, type ShownPart } from '../request-text.ts'
import { escapeHtml, inertHtml, inertText } from './inert-text.ts'
import type { Mail } from './mail-transport.ts'

/** A link of the host, and what it leads to. */
export interface Way {
  readonly label: string
  readonly url: string
  readonly note: string
}

/** Says that nobody wrote it, so that no program answers. */
export const AUTOMATIC: Mail['headers'] = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' }

/** What a mail says, plain and as HTML: no markup and no links but those of the host. */
export function mailBody(
  title: string,
  shown: readonly ShownPart[],
  ways: readonly Way[],
): Pick<Mail, 'text' | 'html'> {
  const links = ways.map(({ label, url, note }) => `\n\n${label}: ${url}\n${note}`).join('')
  return { text: `${inertText(partsText(shown))}${links}\n`, html: htmlOf(title, shown, ways) }
}

function htmlOf(title: string, shown: readonly ShownPart[], ways: readonly Way[]): string {
  const parts = shown.map(
    ({ label, text }) =>
      `<h2 style="font-size:14px;margin:16px 0 4px">${escapeHtml(label)}</h2>` +
      `<pre style="margin:0;white-space:pre-wrap;overflow-wrap:anywhere">${inertHtml(text)}</pre>`,
  )
  const links = ways.map(
    ({ label, url, note }) =>
      `<p><a href="${escapeHtml(url)}"><strong>${escapeHtml(label)}</strong></a><br>${escapeHtml(note)}</p>`,
  )
  const head = `<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>`
  return `<!doctype html><html lang="en">${head}<body style="font-family:sans-serif">${[...parts, ...links].join('\n')}</body></html>`
}
