import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, it } from 'vitest'
import { LANGUAGE_NAMES, languageNamed } from './languages.ts'
import type { Messages } from './messages.ts'

const files = import.meta.glob<Readonly<Record<string, Messages>>>('../**/*-messages.ts', { eager: true })
const parts = Object.values(files).flatMap((file) => Object.values(file))
const messages = parts.flatMap(({ name, english }) =>
  Object.entries(english).map(([key, text]) => ({ name, key, text })),
)

type Element = ReturnType<IntlMessageFormat['getAst']>[number]

/** Names of what a message is filled with, tags in angle brackets. */
function holesOf(elements: readonly Element[]): readonly string[] {
  return elements.flatMap((element) => {
    const named = 'children' in element ? [`<${element.value}>`] : 'value' in element ? [element.value] : []
    const inner = 'children' in element ? holesOf(element.children) : []
    const chosen = 'options' in element ? Object.values(element.options).flatMap(({ value }) => holesOf(value)) : []
    // What is said literally is no hole; its type is the first of all.
    return element.type === LITERAL ? [] : [...named, ...inner, ...chosen]
  })
}

const LITERAL = 0

const holes = (text: string, tag: string): readonly string[] =>
  [...new Set(holesOf(new IntlMessageFormat(text, tag).getAst()))].sort()

describe('the messages of all parts', () => {
  it('are there', () => {
    expect(parts.map(({ name }) => name)).toEqual(expect.arrayContaining(['card', 'decide', 'shell', 'ui']))
    expect(messages.filter(({ text }) => text.trim() === '')).toEqual([])
  })

  it.each(LANGUAGE_NAMES)('can be read in %s, and are filled with the same as in English', (language) => {
    const { tag, text: translate } = languageNamed(language)
    for (const { name, key, text } of messages) {
      expect(holes(translate(name, key, text), tag), `${name}.${key}`).toEqual(holes(text, 'en'))
    }
  })

  it('have room for every number and every choice', () => {
    for (const { name, key, text } of messages) {
      const elements = new IntlMessageFormat(text, 'en').getAst()
      const chosen = elements.filter((element) => 'options' in element)
      for (const element of chosen) expect(Object.keys(element.options), `${name}.${key}`).toContain('other')
    }
  })
})
