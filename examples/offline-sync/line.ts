import { connect, createServer, type Socket } from 'node:net'

/** Where a connection breaks. */
export type Cut =
  /** After so many bytes of what the device sends. */
  | { readonly up: number }
  /** So many lines of what the server answers come through; the rest is lost, and then it breaks. */
  | { readonly answers: number }

/** The line between the device and the server. */
export interface Line {
  readonly url: string
  /** The next connection breaks there; those after it hold. */
  cutNext(cut: Cut): void
  close(): Promise<void>
}

const END_OF_ANSWER = '}\n'
/** The end of a body that is sent in chunks. */
const END_OF_ANSWERS = '0\r\n\r\n'

/** Opens a line to a port of 127.0.0.1. */
export async function openLine(port: number): Promise<Line> {
  let next: Cut | null = null
  const sockets = new Set<Socket>()
  const server = createServer((device) => {
    const [cut, plane] = [next, connect(port, '127.0.0.1')]
    next = null
    const both = [device, plane]
    const end = (): void => void both.map((socket) => socket.destroy())
    for (const socket of both) {
      sockets.add(socket)
      socket.once('error', end).once('close', () => {
        sockets.delete(socket)
        end()
      })
    }
    carry(device, plane, { most: cut !== null && 'up' in cut ? bytes(cut.up) : whole, breaks: () => true, end })
    const most = cut !== null && 'answers' in cut ? answers(cut.answers) : whole
    // By then the server has done everything, and the device knows some of it.
    carry(plane, device, { most, breaks: (part) => part.endsWith(END_OF_ANSWERS), end })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    cutNext: (cut) => {
      next = cut
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** How much of a part is carried; less than all of it where the line breaks. */
type Most = (part: string) => number

const whole: Most = (part) => part.length

function bytes(most: number): Most {
  let left = most
  return (part) => {
    const carried = Math.min(left, part.length)
    left -= carried
    return carried
  }
}

function answers(most: number): Most {
  let left = most
  return (part) => {
    let carried = 0
    while (left > 0 && carried < part.length) {
      const end = part.indexOf(END_OF_ANSWER, carried)
      if (end < 0) return part.length
      carried = end + END_OF_ANSWER.length
      left -= 1
    }
    return left > 0 ? part.length : carried
  }
}

interface Way {
  readonly most: Most
  /** Whether the line breaks with this part, of which not all was carried. */
  readonly breaks: (part: string) => boolean
  readonly end: () => void
}

function carry(from: Socket, to: Socket, { most, breaks, end }: Way): void {
  from.setEncoding('latin1').on('data', (part: string) => {
    const carried = most(part)
    to.write(part.slice(0, carried), 'latin1', () => {
      if (carried < part.length && breaks(part)) end()
    })
  })
}
