/**
 * Reads JSON as editors keep it: with comments, and with a comma behind the last element.
 *
 * @throws SyntaxError
 */
export function parseJsonWithComments(text: string): unknown {
  // Strings are found first, so that what looks like a comment in one is none.
  const bare = withoutMark(text).replaceAll(
    /("(?:[^"\\]|\\.)*")|\/\/[^\n\r]*|\/\*[\s\S]*?\*\//g,
    (_, string?: string) => string ?? ' ',
  )
  return JSON.parse(bare.replaceAll(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, string?: string) => string ?? ''))
}

/** Editors of Windows mark the beginning of a file. */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}
