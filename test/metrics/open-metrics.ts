// The grammar of OpenMetrics 1.0, as far as counters, gauges and histograms go: a line that is none of these is wrong.
const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABELS = '\\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"(?:,(?!\\}))?)*\\}'
const NUMBER = '(?:[-+]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?|[-+]?Inf|NaN)'
const DESCRIPTION = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`)
const SAMPLE = new RegExp(`^(${NAME})(?:${LABELS})? (${NUMBER})$`)
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
}

/** Checks a text against the grammar; gives the types of its families. Throws on the first line that is wrong. */
export function checkOpenMetrics(text: string): ReadonlyMap<string, string> {
  const types = new Map<string, string>()
  const lines = text.split('\n')
  if (lines.pop() !== '' || lines.pop() !== '# EOF') throw new Error('It does not end with "# EOF" and a line feed.')
  let family = ''
  for (const line of lines) {
    const [, keyword, named = '', value = ''] = DESCRIPTION.exec(line) ?? []
    if (keyword === undefined) {
      const [, name = ''] = SAMPLE.exec(line) ?? []
      const suffixes = SUFFIXES[types.get(family) ?? ''] ?? []
      if (!suffixes.some((suffix) => name === `${family}${suffix}`)) throw new Error(`Not of ${family}: ${line}`)
    } else {
      if (named !== family && types.has(named)) throw new Error(`The family ${named} is not in one place.`)
      family = named
      if (keyword === 'TYPE') types.set(named, value)
    }
  }
  return types
}
