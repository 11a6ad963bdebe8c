import { connect } from 'node:net'

/** Opens the stream of all events and reads its head only; gives the function that ends it. */
export async function openSlowReader(address: string, key: string): Promise<() => void> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  socket.write(`GET /api/events HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${key}\r\n\r\n`)
  await new Promise<void>((resolve, reject) => {
    socket.once('data', (data) => {
      socket.pause()
      if (data.toString('latin1').startsWith('HTTP/1.1 200')) resolve()
      else reject(new Error(`The stream was not opened: ${data.toString('latin1').slice(0, 200)}`))
    })
    socket.once('close', () => reject(new Error('The stream was not opened.')))
  })
  return () => socket.destroy()
}
