/** A text as the database stores it, cut to a length: without U+0000 and halves of characters. */
export function storableText(text: string, longest: number = text.length): string {
  return text
    .slice(0, longest)
    .replaceAll('\0', '\ufffd')
    .replace(/\p{Surrogate}/gu, '\ufffd')
}
