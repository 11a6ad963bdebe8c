// The messages of the Postgres wire protocol (version 3) that pass between `pg` and the embedded engine. Only what the
// engine must understand is decoded; the rest travels as it is.

/** Transaction status at the end of an answer: idle, in a transaction, in a failed transaction. */
export type TransactionStatus = 'I' | 'T' | 'E'

/** A message with its type byte. */
export interface Message {
  readonly type: string
  readonly bytes: Buffer
}

/** One LISTEN channel's message, as it stands on the wire. */
export interface Notification {
  readonly channel: string
  readonly bytes: Buffer
}

/** What the engine answered to one group of messages. */
export interface Answer {
  /** The answer without notifications and without what the prefix produced. */
  readonly bytes: Buffer
  readonly status: TransactionStatus
  readonly failed: boolean
  readonly prefixFailed: boolean
  readonly parsed: boolean
  /** Command tags, such as `COMMIT` or `INSERT 0 1`. */
  readonly tags: readonly string[]
  readonly notifications: readonly Notification[]
}

const HEADER = 5

function message(type: string, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)))
  const head = Buffer.alloc(HEADER)
  head.write(type, 'latin1')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

/** A simple query: one or more statements in one round trip. */
export function simpleQuery(text: string): Buffer {
  return message('Q', text)
}

/** The end of a group of extended-query messages. */
export const SYNC: Buffer = message('S')

/** Closes a prepared statement. */
export function closeStatement(name: string): Buffer {
  return message('C', Buffer.from('S'), name)
}

/** The end of every answer. */
export function readyForQuery(status: TransactionStatus): Buffer {
  return message('Z', Buffer.from(status))
}

/** What a server says after a successful start. */
export function greeting(): Buffer {
  return Buffer.concat([message('R', Buffer.alloc(4)), readyForQuery('I')])
}

/** A statement that succeeded without rows. */
export function commandComplete(tag: string): Buffer {
  return message('C', tag)
}

/** An error as the server would send it. */
export function errorResponse(code: string, text: string): Buffer {
  return message('E', Buffer.from(`SERROR\0VERROR\0C${code}\0M${text}\0\0`))
}

/** Length of the first message in the bytes, or undefined while it is incomplete. The start-up message has no type. */
export function messageLength(bytes: Buffer, started: boolean): number | undefined {
  const at = started ? 1 : 0
  if (bytes.length < at + 4) return undefined
  const length = bytes.readInt32BE(at) + at
  return bytes.length < length ? undefined : length
}

function textAt(bytes: Buffer, from: number): string {
  return bytes.toString('utf8', from, bytes.indexOf(0, from))
}

/** SQL text of a Query or Parse message. */
export function statementText({ type, bytes }: Message): string | undefined {
  if (type === 'Q') return textAt(bytes, HEADER)
  return type === 'P' ? textAt(bytes, bytes.indexOf(0, HEADER) + 1) : undefined
}

function nameOffset({ type, bytes }: Message): number | undefined {
  if (type === 'P') return HEADER
  if (type === 'B') return bytes.indexOf(0, HEADER) + 1
  return (type === 'D' || type === 'C') && bytes[HEADER] === 0x53 ? HEADER + 1 : undefined
}

/** Name of the prepared statement that the message speaks of; undefined when there is none or it has no name. */
export function statementName(message: Message): string | undefined {
  const offset = nameOffset(message)
  return offset === undefined ? undefined : textAt(message.bytes, offset) || undefined
}

/** The same message with another statement name. */
export function renameStatement(original: Message, name: string): Message {
  const offset = nameOffset(original)
  if (offset === undefined) return original
  const { type, bytes } = original
  const rest = bytes.subarray(bytes.indexOf(0, offset) + 1)
  return { type, bytes: message(type, bytes.subarray(HEADER, offset), name, rest) }
}

/**
 * Reads an answer whose first `skip` parts (each ends in ReadyForQuery) belong to the prefix of the group; undefined when
 * it does not end as an answer must.
 */
export function readAnswer(bytes: Buffer, skip: number): Answer | undefined {
  const kept: Buffer[] = []
  const tags: string[] = []
  const notifications: Notification[] = []
  let [status, failed, prefixFailed, parsed]: [TransactionStatus, boolean, boolean, boolean] = [
    'I',
    false,
    false,
    false,
  ]
  let [offset, keptFrom, toSkip] = [0, 0, skip]
  let complete = false
  while (offset < bytes.length) {
    const type = bytes[offset]
    const next = offset + 1 + bytes.readInt32BE(offset + 1)
    complete = type === 0x5a && toSkip === 0
    if (type === 0x41 /* A */) {
      notifications.push({ channel: textAt(bytes, offset + HEADER + 4), bytes: bytes.subarray(offset, next) })
      if (toSkip === 0) kept.push(bytes.subarray(keptFrom, offset))
      keptFrom = next
    } else if (type === 0x5a /* Z */) {
      status = asStatus(bytes[offset + HEADER])
      if (toSkip > 0) {
        toSkip -= 1
        keptFrom = next
      }
    } else if (type === 0x45 /* E */) {
      if (toSkip > 0) prefixFailed = true
      else failed = true
    } else if (toSkip === 0 && type === 0x31 /* 1 */) parsed = true
    else if (toSkip === 0 && type === 0x43 /* C */) tags.push(textAt(bytes, offset + HEADER))
    offset = next
  }
  if (!complete) return undefined
  kept.push(bytes.subarray(keptFrom))
  const whole = kept.length === 1 && kept[0] !== undefined ? kept[0] : Buffer.concat(kept)
  return { bytes: whole, status, failed, prefixFailed, parsed, tags, notifications }
}

function asStatus(byte: number | undefined): TransactionStatus {
  return byte === 0x54 ? 'T' : byte === 0x45 ? 'E' : 'I'
}
