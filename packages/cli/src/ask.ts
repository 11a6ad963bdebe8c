import type { CommandCall } from './command.ts'
import { usage } from './read-flags.ts'
import { plain } from './table.ts'

/** What a person has to type to go on. */
export interface Question {
  readonly command: string
  /** What is asked. */
  readonly text: string
  /** What has to be typed, letter by letter. */
  readonly answer: string
  /** What a script gives instead, such as `--yes`. */
  readonly instead: string
}

/**
 * Asks the person at the terminal; false where they typed something else. With `--json`, or without a terminal, nobody is
 * asked.
 *
 * @throws GovernanceError `OPTION_INVALID` where nobody is there to be asked.
 */
export async function ask(call: CommandCall, { command, text, answer, instead }: Question): Promise<boolean> {
  const keyboard = call.flags.json === true ? undefined : call.host.openKeyboard?.()
  if (keyboard === undefined) {
    throw usage(`Nobody is there to be asked: ${text}`, { name: command }, instead)
  }
  try {
    const line = await keyboard.line(`${plain(text)} Type ${plain(answer)} to go on: `, call.host.ended)
    return line?.trim() === answer
  } finally {
    keyboard.close()
  }
}
