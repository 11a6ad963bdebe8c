import { answerInvalid } from './read-answer.ts'

/** One block of a stream of server-sent events. */
export interface ServerSentEvent {
  /** The last id that the stream stated, with this block or before. */
  readonly id: string | undefined
  readonly event: string | undefined
  /** Undefined for a block that states an id only, which is no event. */
  readonly data: string | undefined
}

const MOST_CHARACTERS = 4_194_304

/**
 * Reads server-sent events as the HTML standard has them: lines end in CR, LF or both, a block ends with an empty line,
 * and a block that the end of the stream cuts off is none.
 *
 * @throws GovernanceError `GOVERNOR_ANSWER_INVALID` for what is not UTF-8, or a block of more than 4 million characters.
 */
export async function* readServerSentEvents(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  let id: string | undefined
  let fields = new Map<string, string>()
  let size = 0
  for await (const line of readLines(chunks)) {
    size += line.length
    if (size > MOST_CHARACTERS) throw answerInvalid('an event is too large')
    if (line !== '') {
      readField(line, fields)
      continue
    }
    const stated = fields.get('id')
    id = stated ?? id
    const [event, data] = [fields.get('event'), fields.get('data')]
    if (stated !== undefined || data !== undefined) yield { id, event, data }
    fields = new Map()
    size = 0
  }
}

function readField(line: string, fields: Map<string, string>): void {
  const colon = line.indexOf(':')
  if (colon === 0) return
  const name = colon < 0 ? line : line.slice(0, colon)
  const rest = colon < 0 ? '' : line.slice(colon + 1)
  const value = rest.startsWith(' ') ? rest.slice(1) : rest
  if (name === 'id' && value.includes('\0')) return
  const before = name === 'data' ? fields.get('data') : undefined
  fields.set(name, before === undefined ? value : `${before}\n${value}`)
}

/** The lines of a stream; a CR ends one at once, and the LF that may follow it is part of that end. */
async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  // The decoder takes off the byte order mark.
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  let isAfterReturn = false
  for await (const chunk of chunks) {
    const decoded = decode(decoder, chunk)
    const text = isAfterReturn && decoded.startsWith('\n') ? decoded.slice(1) : decoded
    if (decoded !== '') isAfterReturn = decoded.endsWith('\r')
    const lines = (rest + text).split(/\r\n|\r|\n/)
    rest = lines.pop() ?? ''
    if (rest.length > MOST_CHARACTERS) throw answerInvalid('an event is too large')
    yield* lines
  }
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: true })
  } catch {
    throw answerInvalid('it is not UTF-8')
  }
}
