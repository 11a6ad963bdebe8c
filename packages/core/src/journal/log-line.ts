import { visibleText } from '@preceptor/client'
import { redactText } from './redact-text.ts'

/** A text as a log may hold it: one line, which nothing in it steers or ends, without what looks like a secret. */
export function logLine(text: string): string {
  return visibleText(redactText(text)).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}
