// The readers of the suite `stream`: many connections in a process of their own, which tell when what was sent came to each.
import { connect } from 'node:net'

const MARK = /"n":(\d+)\}/g
const now = () => performance.timeOrigin + performance.now()
const sockets = []
let expected = 0
let arrivals = []

/** Opens one connection; what is sent first asks for the stream, and is nothing where all is written without being asked. */
function open({ port, request }) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let left = ''
    socket.once('error', reject)
    socket.once('connect', () => {
      sockets.push(socket)
      if (request === '') resolve()
      else socket.write(request)
    })
    socket.on('data', (chunk) => {
      if (request !== '') resolve()
      left += chunk.toString('latin1')
      let end = 0
      for (const match of left.matchAll(MARK)) {
        end = match.index + match[0].length
        arrivals.push({ n: Number(match[1]), at: now() })
      }
      left = left.slice(Math.max(end, left.length - 4_096))
      if (arrivals.length >= expected && expected > 0) tell()
    })
  })
}

function tell() {
  process.send({ arrivals })
  expected = 0
  arrivals = []
}

process.on('message', async ({ open: requests, expect, close }) => {
  if (close) {
    for (const socket of sockets.splice(0)) socket.destroy()
    return process.send({ closed: true })
  }
  if (expect !== undefined) {
    expected = expect
    // All may have come before this was asked.
    if (arrivals.length >= expected) tell()
    return
  }
  for (const request of requests) await open(request)
  process.send({ opened: sockets.length })
})
process.send({ ready: true })
