/** The colours of series, all of them tokens of both themes. */
export type SeriesTone = 'good' | 'blue' | 'bad' | 'violet' | 'slate' | 'control' | 'accent' | 'orange' | 'warn'

/** What is drawn over the colour, for those who do not tell colours apart. */
export type SeriesPattern = 'plain' | 'hatch' | 'dots' | 'lines' | 'cross'

/** One series of a chart. */
export interface Series<Key extends string> {
  readonly key: Key
  readonly label: string
  readonly tone: SeriesTone
  readonly pattern: SeriesPattern
}

const DASHES = ['none', '7 3', '2 3', '9 2 2 2'] as const

/** How the line of a series is dashed, by its place: what tells lines apart beside their colour. */
export function dashesOf(place: number): string {
  return DASHES[place % DASHES.length] ?? 'none'
}
