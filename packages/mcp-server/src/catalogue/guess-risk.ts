import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import { RISKS, type Risk } from '@preceptor/client'

/** A guess, and what it was made by. */
export interface RiskGuess {
  readonly risk: Risk
  readonly note: string
}

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.split(' '))
const READING = wordsOf(
  'get list read search find fetch show describe count query view head stat status tree info lookup',
)
const CHANGING = wordsOf(
  'write create update set add put edit move rename insert upload save append patch modify change copy upsert replace',
)
const DESTRUCTIVE = wordsOf('delete remove drop destroy purge wipe truncate revoke terminate kill reset force erase')
const GRAVE = wordsOf(
  'pay payment refund transfer charge purchase buy withdraw exec execute eval shell bash run deploy sudo grant permission ' +
    'secret password credential token send email publish post invoke merge push',
)
const GRAVE_ARGS = wordsOf(
  'amount price iban card recipient recipients to command cmd code script sql url uri password token secret',
)
/** A shorter word is too often the beginning of another one. */
const LONG_WORD = 5
const DEEPEST = 5

/**
 * Guesses what harm a tool can do, by its name and what it takes. A guess is where a person begins: what the server says of
 * the tool beside that is its own word, so that it may raise the guess and never lowers it, and nothing is guessed to be safe.
 */
export function guessRisk({ name, annotations = {}, inputSchema }: Tool): RiskGuess {
  const guess = byName(name, [...namesOfArgs(inputSchema)].filter(isGraveArg))
  const { readOnlyHint, destructiveHint } = annotations
  if (RISKS.indexOf(guess.risk) < RISKS.indexOf('high')) {
    if (destructiveHint === true) return { risk: 'high', note: 'The server says that it may take something away.' }
    if (readOnlyHint === false) return { risk: 'high', note: 'The server says that it changes something.' }
  }
  return readOnlyHint === true
    ? { ...guess, note: `${guess.note} The server says that it only reads: nobody checks that.` }
    : guess
}

function byName(name: string, graveArgs: readonly string[]): RiskGuess {
  const words = partsOf(name)
  if (words.some((word) => isOneOf(DESTRUCTIVE, word)))
    return { risk: 'critical', note: 'Its name says that it takes something away.' }
  if (words.some((word) => isOneOf(GRAVE, word)))
    return { risk: 'critical', note: 'Its name says that it pays, sends, runs or permits something.' }
  const takes =
    graveArgs.length > 0
      ? ` It takes ${graveArgs
          .slice(0, 3)
          .map((arg) => arg.slice(0, 60))
          .join(', ')}.`
      : ''
  if (words.some((word) => CHANGING.has(word)) || !words.some((word) => READING.has(word)))
    return { risk: takes === '' ? 'high' : 'critical', note: `It may change something.${takes}` }
  return { risk: takes === '' ? 'medium' : 'high', note: `Its name says that it reads.${takes}` }
}

/** The words of a name, however it is written: `readFile`, `read_file` and `files/read-file` have "read" in them. */
function partsOf(name: string): readonly string[] {
  return name
    .normalize('NFKC')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
}

function isOneOf(words: ReadonlySet<string>, part: string): boolean {
  return words.has(part) || [...words].some((word) => word.length >= LONG_WORD && part.startsWith(word))
}

function isGraveArg(name: string): boolean {
  return partsOf(name).some((part) => GRAVE_ARGS.has(part))
}

/** What a tool takes, inside objects too. */
function namesOfArgs(schema: unknown, depth = 0): ReadonlySet<string> {
  if (typeof schema !== 'object' || schema === null || depth > DEEPEST) return new Set()
  const { properties, items } = schema as { readonly properties?: unknown; readonly items?: unknown }
  const inside = Object.entries(Object(properties)).flatMap(([name, one]) => [name, ...namesOfArgs(one, depth + 1)])
  return new Set([...inside, ...namesOfArgs(items, depth + 1)])
}
