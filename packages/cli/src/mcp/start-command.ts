import { posix, win32 } from 'node:path'

/** How a program is started. */
export interface StartCommand {
  readonly command: string
  readonly args: readonly string[]
}

/** The process that this program runs in. */
export interface Program {
  readonly platform: NodeJS.Platform
  /** Path of Node. */
  readonly node: string
  /** Path of this program. */
  readonly script: string
}

const PACKAGE = '@preceptor/cli'

/**
 * How an assistant starts this program: by its absolute paths, because an assistant that was started from a desktop has
 * another PATH than a shell. What npx fetched for one run may be gone at the next, so that is left to npx again; on
 * Windows a program cannot be started by such a name without a shell.
 */
export function startCommand({ platform, node, script }: Program, args: readonly string[]): StartCommand {
  const isFetched = /[\\/](_npx|dlx)[\\/]/.test(script)
  const { isAbsolute } = platform === 'win32' ? win32 : posix
  if (!isFetched && isAbsolute(script)) return { command: node, args: [script, ...args] }
  const npx = ['-y', PACKAGE, ...args]
  return platform === 'win32' ? { command: 'cmd', args: ['/c', 'npx', ...npx] } : { command: 'npx', args: npx }
}
