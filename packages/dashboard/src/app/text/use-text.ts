import { IntlMessageFormat } from 'intl-messageformat'
import { createElement, Fragment, type ReactNode, useMemo } from 'react'
import { preferences, usePreferences } from '../data/preferences.ts'
import { type Language, languageNamed } from './languages.ts'
import type { Messages } from './messages.ts'

/** What a message is filled with. */
export type TextValues = Readonly<Record<string, string | number>>

/** What fills a message with parts that are more than text: tags by their name, such as `b` for `<b>…</b>`. */
export type RichValues = Readonly<Record<string, ReactNode | ((parts: ReactNode) => ReactNode)>>

/** Says the texts of a part of the dashboard in the language of the reader. */
export interface Text<Keys extends string> {
  (key: Keys, values?: TextValues): string
  /** The same, with elements in it. */
  rich(key: Keys, values: RichValues): ReactNode
}

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

function textIn<Keys extends string>(language: Language, { name, english }: Messages<Keys>): Text<Keys> {
  const formats = new Map<Keys, IntlMessageFormat>()
  const formatOf = (key: Keys): IntlMessageFormat => {
    const known = formats.get(key)
    if (known !== undefined) return known
    const format = new IntlMessageFormat(language.text(name, key, english[key]), language.tag)
    formats.set(key, format)
    return format
  }
  const say = (key: Keys, values?: TextValues): string => String(formatOf(key).format(values))
  const rich = (key: Keys, values: RichValues): ReactNode => {
    const filled = Object.entries(values).map(([tag, value]) =>
      typeof value === 'function'
        ? [tag, (parts: ReactNode[]) => value(createElement(Fragment, null, ...parts))]
        : [tag, value],
    )
    const parts = formatOf(key).format<ReactNode>(Object.fromEntries(filled))
    return Array.isArray(parts) ? createElement(Fragment, null, ...parts) : parts
  }
  return Object.assign(say, { rich })
}
