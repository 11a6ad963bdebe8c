import { hashCanonical } from '@preceptor/core/plugin'

/**
 * SHA-256 over what an example teaches: the input and the right answer, whatever was answered wrongly, and however blanks
 * and accents are written. What teaches the same has one hash, and is there once.
 */
export function contentHash({ input, correction }: { readonly input: string; readonly correction: string }): string {
  return hashCanonical([plain(input), plain(correction)])
}

/**
 * SHA-256 over the question alone, by which an example is held out or not: however often it is corrected, and to what, it
 * never both stands in a playbook and tests it.
 */
export function questionHash({ input }: { readonly input: string }): string {
  return hashCanonical([plain(input)])
}

const DIGITS = 8
const RANGE = 0x1_0000_0000

/** Whether an example is held out: the hash, read as a number, falls into the share. The same hash always does. */
export function isHeldOut(hash: string, share: number): boolean {
  return Number.parseInt(hash.slice(0, DIGITS), 16) / RANGE < share
}

function plain(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim()
}
