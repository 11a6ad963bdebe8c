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
