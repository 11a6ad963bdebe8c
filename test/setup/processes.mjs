// Small helpers around child processes and ports; Node built-ins only, because the bootstrap needs them before an install.
import { spawn } from 'node:child_process'
import { accessSync, constants, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { delimiter, join } from 'node:path'

/** Finds an executable in PATH. */
export function findInPath(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder !== '' && isExecutable(join(folder, name))) return join(folder, name)
  }
  return undefined
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Runs a command to its end; rejects with the last lines it printed. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk))
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(output)
      const tail = output.trim().split('\n').slice(-200).join('\n')
      reject(new Error(`${command} ended with ${signal ?? `code ${code}`}${tail === '' ? '' : `:\n${tail}`}`))
    })
  })
}

/** Runs a command with its output on our standard error; resolves with its exit code. */
export function runVisibly(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 2, 2], ...options })
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

/**
 * Finds a port on 127.0.0.1 that nothing listens on.
 * @returns {Promise<number>}
 */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/** Waits until a probe answers true, the process ends, or the deadline passes. */
export async function waitUntil(probe, { child, milliseconds, what }) {
  const end = Date.now() + milliseconds
  while (Date.now() < end) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${what} ended while starting.`)
    if (await probe()) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`${what} did not answer within ${milliseconds / 1000} s.`)
}

/**
 * Tells whether something accepts connections on a port of 127.0.0.1 and, when `hello` is given, answers it; with
 * `begin`, by something that begins so.
 */
export function answers(port, hello, begin = '') {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (value) => {
      socket.destroy()
      resolve(value)
    }
    socket.setTimeout(500, () => end(false))
    socket.once('error', () => end(false))
    socket.once('connect', () => (hello === undefined ? end(true) : socket.write(hello)))
    socket.once('data', (data) => end(data.toString('latin1').startsWith(begin)))
    socket.once('close', () => end(false))
  })
}

/** Servers that run, with what ends them at once and the folder that goes with them. */
const servers = new Map()
let endsWithUs = false

function killServers() {
  for (const [child, { folder, signal }] of servers) {
    child.kill(signal)
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Starts a server that never outlives this process, however this process ends (but for SIGKILL), nor does its folder.
 * `gentle` asks it to end, `quick` ends it at once, `halt` does and leaves its folder.
 */
export function spawnServer(command, args, { folder, gentle, quick, ...options }) {
  const child = spawn(command, args, { cwd: folder, ...options })
  // Without a listener a server that cannot be started would end this process; waitUntil() reports it.
  child.on('error', () => {})
  if (!endsWithUs) process.once('exit', killServers)
  endsWithUs = true
  servers.set(child, { folder, signal: quick })
  child.once('close', () => servers.delete(child))
  const end = async (signal) => {
    await endChild(child, signal)
    rmSync(folder, { recursive: true, force: true })
  }
  return { child, stop: () => end(gentle), kill: () => end(quick), halt: () => endChild(child, quick) }
}

/** Ends a child process: the given signal first, SIGKILL when it has not gone after ten seconds. */
function endChild(child, signal) {
  return new Promise((resolve) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return resolve()
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
    child.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    child.kill(signal)
  })
}
