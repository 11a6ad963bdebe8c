import { useMemo } from 'react'
import { preferences, usePreferences } from '../data/preferences.ts'
import { languageNamed } from './languages.ts'
import type { Messages } from './messages.ts'
import { type Text, textIn } from './text-in.ts'

export type { Text } from './text-in.ts'

/** The texts of a part of the dashboard, for a component. */
export function useText<Keys extends string>(messages: Messages<Keys>): Text<Keys> {
  const { language } = usePreferences()
  return useMemo(() => textIn(languageNamed(language), messages), [language, messages])
}

/** The same outside of components; whoever calls it renders anew when the language changes. */
export function textOf<Keys extends string>(messages: Messages<Keys>): Text<Keys> {
  return textIn(languageNamed(preferences().language), messages)
}

/** The tag of the present language, for `Intl`. */
export function languageTag(): string {
  return languageNamed(preferences().language).tag
}
