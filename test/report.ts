import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** Writes what a run found between the marks of its section in a page. */
export function writeSection(path: string, section: 'run' | 'sabotage' | 'scores', lines: readonly string[]): void {
  const [begin, end] = [`<!-- ${section} -->`, `<!-- /${section} -->`]
  const text = readFileSync(path, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from === -1 || to < from) throw new Error(`${path} has no section ${section}.`)
  writeFileSync(path, `${text.slice(0, from + begin.length)}\n${lines.join('\n')}\n${text.slice(to)}`)
}

/** What a run ran on, in words. */
export function describeMachine(): string {
  return `Node ${process.versions.node}, ${cpus().length} cores, ${process.platform} ${process.arch}`
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): readonly string[] {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

/** Counts with their names, in words. */
export function countWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, number]) => `${number} ${name}`)
    .join(', ')
}
