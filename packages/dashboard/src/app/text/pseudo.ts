const ACCENTS: Readonly<Record<string, string>> = {
  a: 'à',
  e: 'é',
  i: 'ï',
  o: 'ô',
  u: 'ü',
  c: 'ç',
  n: 'ñ',
  s: 'š',
  y: 'ý',
  A: 'Å',
  E: 'É',
  I: 'Ï',
  O: 'Ö',
  U: 'Ü',
  N: 'Ñ',
}

/**
 * What a message looks like in the language that is there to find texts that cannot be translated: accents on the
 * letters, and a third longer, as German or Finnish is. What stands in braces and tags stays as it is.
 */
export function pseudo(message: string): string {
  let depth = 0
  let isTag = false
  let text = ''
  for (const letter of message) {
    if (letter === '{') depth += 1
    if (letter === '<') isTag = true
    // The words of a plural stand in the second depth: they are text again.
    text += isTag || depth % 2 === 1 ? letter : (ACCENTS[letter] ?? letter)
    if (letter === '>') isTag = false
    if (letter === '}') depth -= 1
  }
  return `${text}${'~'.repeat(Math.ceil(message.length / 3))}`
}
