import type { Command } from './command.ts'
import { exampleOf } from './examples.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { COMMON_FLAGS, ENVIRONMENT, flagHead, flagText, headOf } from './help.ts'

/** The page of all commands, `docs/cli.md`: it is written by this, and a test keeps it so. */
export function describeCommands(commands: readonly Command[]): string {
  const groups = [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? name))]
  return `${[
    '# The command line',
    'Every command of `preceptor`. It asks the server that `--url` or `PRECEPTOR_URL` names, with the key in\n`PRECEPTOR_TOKEN`, or else the `preceptor dev` of the folder; `serve`, `worker`, `db` and the like\nopen a database themselves, and so does every command that has `--direct` and is given it: it then acts as whoever the key in\n`PRECEPTOR_TOKEN` is, or without one as an operator, who decides nothing that is for people.',
    'Each takes `--json`, prints one JSON document then (a line for each event where it follows something), and `--help`.\nResults go to standard output; progress, questions and errors to standard error. Nothing is asked without a terminal or\nwith `--json`: what would be asked is an option, and without it the command ends with 2.',
    '## Exit codes',
    table(
      ['code', 'means'],
      Object.entries(EXIT_CODES).map(([code, meaning]) => [code, meaning]),
    ),
    'With `--json` an error is `{ "error": { "code", "message", "hint", "details" } }`; [errors.md](errors.md) has every code.',
    '## Environment',
    ENVIRONMENT.replace(/^Environment: /, '').replace(/\b(?:[A-Z]{2,}_[A-Z_]+|_[A-Z_]{3,})\b/g, '`$&`'),
    ...groups.flatMap((group) => [
      `## ${group}`,
      ...commands.filter(({ name }) => name.split(' ')[0] === group).map(describeCommand),
    ]),
  ].join('\n\n')}\n`
}

function describeCommand(command: Command): string {
  const flags = Object.entries(command.flags).filter(([name]) => !Object.hasOwn(COMMON_FLAGS, name))
  const rows = flags.map(([name, flag]) => [`\`${flagHead(name, flag)}\``, flagText(flag)])
  return [
    `### preceptor ${headOf(command)}`,
    `${command.summary}.`,
    `\`\`\`sh\n${exampleOf(command.name)}\n\`\`\``,
    ...(rows.length === 0 ? [] : [table(['option', 'is'], rows)]),
  ].join('\n\n')
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(headings), `|${headings.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')
}
