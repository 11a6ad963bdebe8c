// Controls, format characters (bidi, zero-width, tags), what fonts may leave out, separators of lines, private use; and
// what begins or ends a mark, so that no text in it can look like the end of it.
const ESCAPED = /[<>\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu

/**
 * JSON in which nothing is that a reader could not see, or take for the end of it: such characters stand as escapes, which
 * JSON reads the same.
 */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(ESCAPED, (character) => {
    const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
  })
}
