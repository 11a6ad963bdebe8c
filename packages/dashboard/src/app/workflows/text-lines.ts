/** A text in lines of at most so many characters, broken at spaces where it can be; nothing of it is left out. */
export function textLines(text: string, most: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/u).filter((part) => part !== '')) {
    let rest = [...word]
    if (line !== '' && [...line].length + 1 + rest.length <= most) {
      line = `${line} ${word}`
      continue
    }
    if (line !== '') lines.push(line)
    while (rest.length > most) {
      lines.push(rest.slice(0, most).join(''))
      rest = rest.slice(most)
    }
    line = rest.join('')
  }
  if (line !== '') lines.push(line)
  return lines
}
