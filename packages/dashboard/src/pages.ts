import { gzipSync } from 'node:zlib'
import type { Context } from 'hono'
import type { AppFile, AppFiles } from './app-files.ts'

const IMMUTABLE = 'public, max-age=31536000, immutable'
const compressed = new WeakMap<AppFile, Uint8Array<ArrayBuffer>>()

/** Answers with one of the built files; undefined when the path names none. */
export function answerFile(c: Context, { assets }: AppFiles, path: string): Response | undefined {
  const file = assets.get(path)
  // What looks like a built file and is none is of another release: a page in its place would be run as a script.
  if (file === undefined) return path.startsWith('assets/') ? new Response(null, { status: 404 }) : undefined
  const headers = { 'content-type': file.type, 'cache-control': IMMUTABLE, vary: 'accept-encoding' }
  if (!/\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) return new Response(file.bytes, { headers })
  return new Response(compress(file), { headers: { ...headers, 'content-encoding': 'gzip' } })
}

function compress(file: AppFile): Uint8Array<ArrayBuffer> {
  const known = compressed.get(file)
  if (known !== undefined) return known
  const bytes = new Uint8Array(gzipSync(file.bytes))
  compressed.set(file, bytes)
  return bytes
}

/** Answers with the page, whatever part of it the path names: the router of the page reads that. */
export function answerPage({ index }: AppFiles, base: string): Response {
  // The base comes first: every address after it is relative to it.
  const page = index.replace('<head>', () => `<head>\n    <base href="${escapeHtml(base)}" />`)
  return new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } })
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
