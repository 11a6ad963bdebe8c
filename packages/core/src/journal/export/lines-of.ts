/**
 * The lines of a text that comes in pieces. Only a line feed ends one: texts of rows hold the other characters that
 * readers of lines take for an end.
 */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let rest = ''
  for await (const piece of pieces) {
    const parts = piece.split('\n')
    for (const [index, part] of parts.entries()) {
      rest += part
      if (index === parts.length - 1) break
      yield rest
      rest = ''
    }
  }
  if (rest !== '') yield rest
}
