import { createElement, type ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { LANGUAGE_NAMES, languageNamed, languageOf } from './languages.ts'
import { defineMessages } from './messages.ts'
import { type RichValues, textIn } from './text-in.ts'

const SAMPLE = defineMessages('sample', {
  runs: '{count, plural, =0 {no run waits} one {# run waits} other {# runs wait}}',
  greeting: 'It is {who}.',
  rich: '<b>{who}</b> began it, {when}',
  verdict: '{verdict, select, approve {approved} other {rejected}} by {who}',
})
const HOSTILE = '<b>{who}</b> <script>ran()</script>'

const english = textIn(languageNamed('en'), SAMPLE)
const markup = (node: ReactNode): string => renderToStaticMarkup(node)
const strong = (parts: ReactNode): ReactNode => createElement('strong', null, parts)

describe('a text', () => {
  it.each([
    [0, 'no run waits'],
    [1, '1 run waits'],
    [2, '2 runs wait'],
    [1_200, '1,200 runs wait'],
  ])('has the plural of %d', (count, text) => {
    expect(english('runs', { count })).toBe(text)
  })

  it('has the plurals of its language', () => {
    const polish = languageOf('pl', {
      sample: { runs: '{count, plural, one {# bieg} few {# biegi} many {# biegów} other {# biegu}}' },
    })
    const t = textIn(polish, SAMPLE)
    expect([1, 3, 5, 22].map((count) => t('runs', { count }))).toEqual(['1 bieg', '3 biegi', '5 biegów', '22 biegi'])
  })

  it('is English where the translation lacks it', () => {
    const german = languageOf('de', { sample: { greeting: 'Es ist {who}.' }, other: { rich: 'anders' } })
    const t = textIn(german, SAMPLE)
    expect(t('greeting', { who: 'ana' })).toBe('Es ist ana.')
    expect(t('verdict', { verdict: 'approve', who: 'ana' })).toBe('approved by ana')
  })

  it('keeps what it is filled with as it is, markup and braces among it [DASH-6]', () => {
    expect(english('greeting', { who: HOSTILE })).toBe(`It is ${HOSTILE}.`)
    expect(english('verdict', { verdict: HOSTILE, who: HOSTILE })).toBe(`rejected by ${HOSTILE}`)
  })

  it('says so when something to fill it with is missing', () => {
    expect(() => english('greeting')).toThrow(/who/)
  })
})

describe('a text with elements', () => {
  const when = createElement('time', null, 'just now')
  const said = (values: RichValues): string => markup(english.rich('rich', { b: strong, when, ...values }))

  it('has them where its tags and values are', () => {
    expect(said({ who: 'ana' })).toBe('<strong>ana</strong> began it, <time>just now</time>')
  })

  it('shows markup that somebody wrote as the text that it is [DASH-6]', () => {
    const escaped = '&lt;b&gt;{who}&lt;/b&gt; &lt;script&gt;ran()&lt;/script&gt;'
    expect(said({ who: HOSTILE })).toBe(`<strong>${escaped}</strong> began it, <time>just now</time>`)
  })

  it('has them where a translation puts them', () => {
    const turned = languageOf('de', { sample: { rich: '{when} begann <b>{who}</b>' } })
    const text = textIn(turned, SAMPLE).rich('rich', { b: strong, when, who: 'ana' })
    expect(markup(text)).toBe('<time>just now</time> begann <strong>ana</strong>')
  })
})

describe('the languages', () => {
  it('are English where there is no such name, and always the same ones', () => {
    expect(languageNamed('tlh')).toBe(languageNamed('en'))
    expect(LANGUAGE_NAMES).toContain('en')
    for (const name of LANGUAGE_NAMES) expect(languageNamed(name)).toBe(languageNamed(name))
  })

  it('have tags that the runtime knows', () => {
    for (const name of LANGUAGE_NAMES) {
      expect(Intl.getCanonicalLocales(languageNamed(name).tag)).toEqual([languageNamed(name).tag])
    }
  })

  it('that show what cannot be translated leave what a text is filled with alone', () => {
    const t = textIn(languageNamed('en-x-long'), SAMPLE)
    expect(t('greeting', { who: 'banana' })).toMatch(/^Ït ïš banana\.~+$/)
    expect(t('runs', { count: 2 })).toMatch(/^2 rüñš wàït~+$/)
    expect(t('verdict', { verdict: 'approve', who: 'ana' })).toMatch(/^àpprôvéd bý ana~+$/)
    const rich = t.rich('rich', { b: strong, when: 'now', who: 'ana' })
    expect(markup(rich)).toMatch(/^<strong>ana<\/strong> bégàñ ït, now~+$/)
  })
})
