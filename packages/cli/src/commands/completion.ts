import { type Command, choiceOf } from '../command.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof SHELLS)[number]

/** `preceptor completion`: what a shell needs to complete the command line. */
export function completionOf(commands: () => readonly Command[]): Command {
  return {
    name: 'completion',
    words: [],
    summary: 'Print the completion of commands and options for a shell',
    flags: { shell: { value: '<shell>', summary: 'for which', required: true, choices: SHELLS } },
    async run(call) {
      const shell = choiceOf(call, 'shell', SHELLS) ?? 'bash'
      const script = SCRIPTS[shell](commands())
      await call.print({ text: script, json: { shell, script } })
      return 0
    },
  }
}

const COMMON = ['json', 'help']

/** What may follow a name: second words, and the options of what is a command already. */
function tableOf(commands: readonly Command[]): ReadonlyMap<string, readonly string[]> {
  const next = new Map<string, Set<string>>()
  const add = (before: string, word: string): unknown => {
    const words = next.get(before) ?? new Set<string>()
    next.set(before, words)
    return words.add(word)
  }
  for (const { name, flags } of commands) {
    const [first = '', second] = name.split(' ')
    add('', first)
    if (second !== undefined) add(first, second)
    for (const flag of [...Object.keys(flags), ...COMMON]) add(name, `--${flag}`)
  }
  return new Map([...next].map(([before, words]) => [before, [...words].sort()]))
}

/** The values that an option of a command takes, where they are known: by `<command> --<option>`. */
function valuesOf(commands: readonly Command[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    commands.flatMap(({ name, flags }) =>
      Object.entries(flags).flatMap(([flag, { choices }]): (readonly [string, readonly string[]])[] =>
        choices === undefined ? [] : [[`${name} --${flag}`, choices]],
      ),
    ),
  )
}

const SCRIPTS: Readonly<Record<Shell, (commands: readonly Command[]) => string>> = { bash, zsh, fish }

function bash(commands: readonly Command[]): string {
  const all = [...tableOf(commands), ...valuesOf(commands)]
  const cases = all.map(([before, words]) => `    '${before}') words='${words.join(' ')}' ;;`)
  return [
    '# preceptor completion --shell bash >> ~/.bash_completion',
    '_preceptor() {',
    `  local words= one="\${COMP_WORDS[1]:-}" two="\${COMP_WORDS[1]:-} \${COMP_WORDS[2]:-}" before="\${COMP_WORDS[COMP_CWORD - 1]}"`,
    '  if [ "$COMP_CWORD" -eq 1 ]; then _preceptor_words ""',
    '  elif [ "$COMP_CWORD" -eq 2 ]; then _preceptor_words "$one"',
    '  else',
    '    case "$before" in --*) _preceptor_words "$two $before"; [ -n "$words" ] || _preceptor_words "$one $before" ;; esac',
    '    [ -n "$words" ] || _preceptor_words "$two"; [ -n "$words" ] || _preceptor_words "$one"',
    '  fi',
    `  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))`,
    '}',
    '_preceptor_words() {',
    '  case "$1" in',
    ...cases,
    '    *) words= ;;',
    '  esac',
    '}',
    'complete -o default -F _preceptor preceptor',
  ].join('\n')
}

function zsh(commands: readonly Command[]): string {
  return ['#compdef preceptor', 'autoload -U +X bashcompinit && bashcompinit', bash(commands)].join('\n')
}

function fish(commands: readonly Command[]): string {
  const values = valuesOf(commands)
  const lines = [...tableOf(commands)].flatMap(([before, words]) => {
    const [first = '', second = ''] = before.split(' ')
    const seen = [first, second].filter((word) => word !== '').map((word) => `__fish_seen_subcommand_from ${word}`)
    const when = seen.length === 0 ? '__fish_use_subcommand' : seen.join('; and ')
    return words.map((word) => {
      if (!word.startsWith('--')) return `complete -c preceptor -n '${when}' -f -a ${word}`
      const choices = values.get(`${before} ${word}`)
      const taken = choices === undefined ? '' : ` -x -a '${choices.join(' ')}'`
      return `complete -c preceptor -n '${when}' -l ${word.slice(2)}${taken}`
    })
  })
  return ['# preceptor completion --shell fish > ~/.config/fish/completions/preceptor.fish', ...lines].join('\n')
}
