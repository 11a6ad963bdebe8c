import { type Check, type CheckSubject, presenceFinding } from './check.ts'

/** Parts of an answer by name, and how each is recognised. */
export type Fields = Readonly<Record<string, RegExp | ((subject: CheckSubject) => boolean)>>

/** A check that an answer has all of the parts. */
export function hasFields(name: string, fields: Fields): Check {
  return {
    name,
    kind: 'structure',
    run(subject) {
      const there = Object.entries(fields).map(([field, test]) => {
        const has = test instanceof RegExp ? test.test(subject.answer) : test(subject)
        return [field, has] as const
      })
      return presenceFinding(Object.fromEntries(there))
    },
  }
}

/** A label at the beginning of a line, as a heading, in bold or followed by a colon. */
export function label(words: string): RegExp {
  return new RegExp(
    `^[ \\t]*(?:[-*][ \\t]+)?(?:#{1,6}[ \\t]+|\\*{1,2})?(?:${words})\\b[^\\n:]{0,40}(?::|\\*\\*|$)`,
    'im',
  )
}

/** At least two steps of an ordered list, numbered one after the other. */
export function hasSteps({ answer }: CheckSubject): boolean {
  const numbers = [...answer.matchAll(/^[ \t]*(\d{1,3})[.)][ \t]+\S/gm)].map(([, number]) => Number(number))
  return numbers.some((number, index) => number === 1 && numbers[index + 1] === 2)
}
