import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** A mail as it was taken. */
export interface TakenMail {
  readonly to: readonly string[]
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
  readonly html: string
  readonly attachments: readonly { readonly name: string; readonly text: string }[]
}

/** A mail server on a free port of this machine. */
export interface TestSmtp {
  readonly port: number
  readonly mails: TakenMail[]
  /** Refuses the next mail to an address, once. */
  refuseNext(address: string): void
  close(): Promise<void>
}

/** Starts one; without options it speaks no TLS. */
export async function startSmtp(options: SMTPServerOptions = { disabledCommands: ['STARTTLS'] }): Promise<TestSmtp> {
  const mails: TakenMail[] = []
  const refusing = new Set<string>()
  const server = new SMTPServer({
    authOptional: true,
    ...options,
    onRcptTo({ address }, _, done) {
      done(refusing.delete(address) ? new Error('not now') : null)
    },
    async onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      for await (const chunk of stream) chunks.push(Buffer.from(chunk))
      const to = envelope.rcptTo.map(({ address }) => address)
      mails.push(takenMail(to, readPart(Buffer.concat(chunks).toString('latin1'))))
      done()
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refuseNext: (address) => void refusing.add(address),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

interface Part {
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
  readonly parts: readonly Part[]
}

function takenMail(to: readonly string[], mail: Part): TakenMail {
  const all = leavesOf(mail)
  const isAttached = ({ headers }: Part): boolean =>
    headers.get('content-disposition')?.startsWith('attachment') === true
  const bodyOf = (type: string): string =>
    all.find((part) => !isAttached(part) && part.headers.get('content-type')?.startsWith(type))?.body ?? ''
  const attachments = all.filter(isAttached).map(({ headers, body }) => ({
    name: /filename="?([^";]+)/.exec(headers.get('content-disposition') ?? '')?.[1] ?? '',
    text: body,
  }))
  return { to, headers: mail.headers, text: bodyOf('text/plain'), html: bodyOf('text/html'), attachments }
}

function leavesOf(part: Part): readonly Part[] {
  return part.parts.length === 0 ? [part] : part.parts.flatMap(leavesOf)
}

/** Reads MIME as far as mail of these tests has it. */
function readPart(raw: string): Part {
  const end = raw.indexOf('\r\n\r\n')
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const headers = new Map(
    lines.map((line) => {
      const at = line.indexOf(':')
      return [line.slice(0, at).toLowerCase(), words(line.slice(at + 1).trim())] as const
    }),
  )
  const content = raw.slice(end + 4)
  const boundary = /boundary="?([^";]+)/.exec(headers.get('content-type') ?? '')?.[1]
  if (boundary === undefined) return { headers, body: decoded(content, headers), parts: [] }
  const pieces = content.split(`--${boundary}`).slice(1, -1)
  return { headers, body: '', parts: pieces.map((piece) => readPart(piece.replace(/^\r\n/, ''))) }
}

function decoded(content: string, headers: ReadonlyMap<string, string>): string {
  const coding = headers.get('content-transfer-encoding')?.toLowerCase()
  const bytes =
    coding === 'base64'
      ? Buffer.from(content, 'base64')
      : coding === 'quoted-printable'
        ? quoted(content)
        : Buffer.from(content, 'latin1')
  return bytes.toString('utf8').replaceAll('\r\n', '\n')
}

function quoted(text: string): Buffer {
  const joined = text.replace(/=\r\n/g, '')
  return Buffer.from(
    joined.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}

/** Encoded words of a header. */
function words(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, coding: string, text: string) =>
      coding.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString()
        : quoted(text.replaceAll('_', ' ')).toString(),
    )
}
