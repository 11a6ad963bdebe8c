import { IntlMessageFormat } from 'intl-messageformat'
import { createElement, Fragment, type ReactNode } from 'react'
import type { Language } from './languages.ts'
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

/** The texts of a part of the dashboard in one language. */
export function textIn<Keys extends string>(language: Language, { name, english }: Messages<Keys>): Text<Keys> {
  const formatOf = (key: Keys): IntlMessageFormat => parsed(language, language.text(name, key, english[key]))
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

// Every row of a list says the same few messages: each is parsed once.
const formats = new WeakMap<Language, Map<string, IntlMessageFormat>>()

function parsed(language: Language, message: string): IntlMessageFormat {
  const known = formats.get(language) ?? new Map<string, IntlMessageFormat>()
  formats.set(language, known)
  const format = known.get(message) ?? new IntlMessageFormat(message, language.tag)
  known.set(message, format)
  return format
}
