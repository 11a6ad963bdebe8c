/** The texts of a part of the dashboard in English, as ICU messages by key. */
export interface Messages<Keys extends string = string> {
  /** The part: translations name it. */
  readonly name: string
  readonly english: Readonly<Record<Keys, string>>
}

/**
 * Declares the texts of a part of the dashboard; they stand beside the part.
 *
 * @example
 * ```ts
 * export const QUEUE = defineMessages('queue', { waiting: '{count, plural, one {# run waits} other {# runs wait}}' })
 * ```
 */
export function defineMessages<Keys extends string>(
  name: string,
  english: Readonly<Record<Keys, string>>,
): Messages<Keys> {
  return { name, english }
}
