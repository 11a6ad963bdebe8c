import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'

const DEMO = fileURLToPath(new URL('../../examples/dist/demo/main.js', import.meta.url))

/** A place of one's own to run programs in: an empty home and an empty working folder. */
export interface Place {
  readonly home: string
  readonly folder: string
  /** What runs in it now. */
  readonly running: Set<Program>
  /** Ends what still runs in it, then removes it. */
  remove(): Promise<void>
}

/** Makes a place below the temporary folder of the machine. */
export function makePlace(): Place {
  const root = mkdtempSync(join(tmpdir(), 'preceptor-e2e-'))
  const [home, folder] = [mkdtempSync(join(root, 'home-')), mkdtempSync(join(root, 'folder-'))]
  const running = new Set<Program>()
  const remove = async (): Promise<void> => {
    await Promise.all([...running].map((program) => endProgram(program, 'SIGKILL')))
    rmSync(root, { recursive: true, force: true })
  }
  return { home, folder, running, remove }
}

/** A program that was started. */
export interface Program {
  readonly child: ChildProcess
  /** What it has printed so far. */
  readonly stdout: () => string
  readonly stderr: () => string
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>
  /** Waits until standard output fits the pattern, by default for at most a minute, and gives the match. */
  waitFor(pattern: RegExp, withinMs?: number): Promise<RegExpExecArray>
}

const PATIENCE_MS = 60_000

/** Starts a program of Node with nothing of this process's environment but the path. */
export function startProgram(
  place: Place,
  {
    file,
    args,
    env = {},
  }: { readonly file: string; readonly args: readonly string[]; readonly env?: NodeJS.ProcessEnv },
): Program {
  return start(place, [process.execPath, file, ...args], env)
}

/** Starts what a line says that somebody types into a shell. */
export function startCommand(place: Place, { line, env }: { readonly line: string; readonly env: NodeJS.ProcessEnv }) {
  return start(place, ['sh', '-c', line], env)
}

function start(
  { home, folder, running }: Place,
  [command = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
): Program {
  const child = spawn(command, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: home, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text) => (stderr += text))
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  const program: Program = {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    waitFor: (pattern, withinMs = PATIENCE_MS) =>
      vi.waitFor(
        () => {
          const match = pattern.exec(stdout)
          if (match === null) throw new Error(`${pattern} was not printed.\n${stdout}\n${stderr}`)
          return match
        },
        { timeout: withinMs, interval: 50 },
      ),
  }
  running.add(program)
  child.once('close', () => running.delete(program))
  return program
}

/** Starts the built demo. */
export function startDemo(place: Place, args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  return startProgram(place, { file: DEMO, args, env })
}

/** Ends a program and waits until it has gone. */
export async function endProgram({ child, ended }: Program, signal: NodeJS.Signals): Promise<unknown> {
  child.kill(signal)
  return ended
}
