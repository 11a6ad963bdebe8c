// What is not seen, or is seen as something else: controls, what turns or joins, and every space but the plain one.
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu
const SEEN = new Set([' ', '\n', '\t'])
// An escape of JSON is no part of the word behind it.
const NAME = /\\(?:[bfnrt"\\]|u[0-9a-f]{4})|[\p{L}\p{M}\p{N}._@-]+/gu
const LATIN = /\p{Script=Latin}/u
/** Letters of the scripts that have the shapes of Latin ones. */
const ALIKE =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/gu

/**
 * A text so that it cannot read as another one than it is: whatever is hidden in it, turns its direction, or passes for
 * a letter of the word that it stands in is shown as the escape by which JSON names it. Lines and tabs stay.
 *
 * @example
 * ```ts
 * import { visibleText } from '@preceptor/client'
 *
 * console.log(visibleText('pay \u202e12 RUE')) // the escape, and not EUR from right to left
 * ```
 */
export function visibleText(text: string): string {
  return text
    .replace(UNSEEN, (char) => (SEEN.has(char) ? char : escaped(char)))
    .replace(NAME, (name) => (LATIN.test(name) ? name.replace(ALIKE, escaped) : name))
}

/** JSON with the same escapes: it reads as the value that it is, and is still that value. */
export function visibleJson(value: unknown, indent?: number): string {
  return visibleText(JSON.stringify(value, null, indent) ?? '')
}

function escaped(char: string): string {
  return Array.from({ length: char.length }, (_, unit) => {
    return `\\u${char.charCodeAt(unit).toString(16).padStart(4, '0')}`
  }).join('')
}
