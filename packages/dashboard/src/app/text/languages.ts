import { pseudo } from './pseudo.ts'

/** Texts of every part of the dashboard in one language, by the name of the part and the key; what is missing is English. */
export type Translation = Readonly<Record<string, Readonly<Record<string, string>>>>

/** A language that the dashboard speaks. */
export interface Language {
  /** BCP 47, as `Intl` takes it. */
  readonly tag: string
  readonly direction: 'ltr' | 'rtl'
  /** The text of a key; the English one where there is no other. */
  readonly text: (part: string, key: string, english: string) => string
}

/** Makes a language of a translation. */
export function languageOf(tag: string, translation: Translation, direction: Language['direction'] = 'ltr'): Language {
  return { tag, direction, text: (part, key, english) => translation[part]?.[key] ?? english }
}

const ENGLISH = languageOf('en', {})

// The two of `en-x-…` are for those who write pages: each text that stays plain in them cannot be translated.
const LANGUAGES: ReadonlyMap<string, Language> = new Map([
  ['en', ENGLISH],
  ['en-x-long', { tag: 'en', direction: 'ltr', text: (_part, _key, english) => pseudo(english) }],
  ['en-x-mirror', { tag: 'en', direction: 'rtl', text: (_part, _key, english) => pseudo(english) }],
])

/** The language of a name; English for one that there is not. */
export function languageNamed(name: string): Language {
  return LANGUAGES.get(name) ?? ENGLISH
}

/** The names of the languages. */
export const LANGUAGE_NAMES: readonly string[] = [...LANGUAGES.keys()]
