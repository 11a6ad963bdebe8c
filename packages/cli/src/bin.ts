#!/usr/bin/env node
import { redactText, visibleText } from '@preceptor/client'
import { openKeyboard } from './keyboard.ts'
import { runCli } from './run-cli.ts'
import { plain } from './table.ts'

const ERASE_LINE = '\u001b[K'
const ended = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort())

// Whoever read the output left, as "head" does: there is nobody to go on for.
process.stdout.on('error', () => ended.abort())

const write = (text: string): void => void process.stdout.write(text)
const host = {
  args: process.argv.slice(2),
  env: process.env,
  // JSON with escapes in it is the same JSON, and nothing that somebody else wrote steers the terminal.
  print: (text: string): Promise<void> =>
    new Promise((resolve) => process.stdout.write(`${visibleText(text)}\n`, () => resolve())),
  note: (text: string): void => void process.stderr.write(`preceptor: ${plain(redactText(text))}\n`),
  log: (line: string): void => void process.stderr.write(`${line}\n`),
  isTerminal: process.stderr.isTTY === true,
  ended: ended.signal,
  ...(process.stderr.isTTY
    ? {
        progress: (text: string | null): void =>
          void process.stderr.write(`\r${ERASE_LINE}${text === null ? '' : plain(redactText(text))}`),
      }
    : {}),
  ...(process.stdin.isTTY && process.stdout.isTTY
    ? { openKeyboard: () => openKeyboard(process.stdin, { write, interrupt: () => ended.abort() }) }
    : {}),
}

void runCli(host).then((code) => process.exit(code))
