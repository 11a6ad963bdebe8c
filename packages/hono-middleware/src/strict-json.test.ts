import { describe, expect, it } from 'vitest'
import { parseStrictJson } from './strict-json.ts'

const codeOf = (text: string): unknown => {
  try {
    parseStrictJson(text)
    return 'taken'
  } catch (error) {
    return Reflect.get(Object(error), 'code')
  }
}

/** Numbers from 0 to 1 that are the same in every run. */
function randomness(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

const TEXTS = ['', 'a', 'b"', '\\', '\\"', '{', '}', '[', ']', ':', '"a":', '\u2028', 'ü', '\n', '{"a":1}']

function randomJson(random: () => number, depth = 0): unknown {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] ?? (values[0] as T)
  const kind = pick(depth > 5 ? ['text', 'number'] : ['text', 'number', 'object', 'object', 'list'])
  if (kind === 'text') return pick(TEXTS)
  if (kind === 'number') return pick([0, -1.5, 1e21, true, false, null])
  const items = Array.from({ length: Math.floor(random() * 4) }, () => randomJson(random, depth + 1))
  return kind === 'list' ? items : Object.fromEntries(items.map((item) => [pick(TEXTS), item]))
}

describe('strict JSON', () => {
  it('reads what JSON.parse reads, whatever stands in keys and texts [HTTP-3]', () => {
    const random = randomness(7)
    for (let run = 0; run < 2_000; run += 1) {
      const value = randomJson(random)
      for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2)]) {
        expect(parseStrictJson(text)).toEqual(value)
      }
    }
  })

  it('finds a key that was put in twice, wherever it stands [HTTP-3]', () => {
    const random = randomness(11)
    let doubled = 0
    for (let run = 0; run < 2_000; run += 1) {
      const text = JSON.stringify(randomJson(random))
      // The same object with its first entry written once more in front.
      const entry = /\{("(?:[^"\\]|\\.)*":)(?=["\d{[tfn-])/.exec(text)
      if (entry?.[1] === undefined || !isKeyOf(text, entry.index)) continue
      doubled += 1
      expect(codeOf(`${text.slice(0, entry.index + 1)}${entry[1]}0,${text.slice(entry.index + 1)}`)).toBe(
        'INPUT_INVALID',
      )
    }
    expect(doubled).toBeGreaterThan(300)
  })

  it.each([
    ['{"a":1,"a":2}', 'INPUT_INVALID'],
    ['{"a":1,"\\u0061":2}', 'INPUT_INVALID'],
    ['{"a" \n :1,"a":2}', 'INPUT_INVALID'],
    ['[{"a":{"__proto__":1}}]', 'INPUT_INVALID'],
    ['{"a":"__proto__","b":["constructor","prototype"]}', 'taken'],
    ['[{"a":1},{"a":2}]', 'taken'],
    ['{"a":{"a":{"a":1}}}', 'taken'],
    ['{"a\\"b":1,"a":2}', 'taken'],
    ['{"a\\\\":1,"a":2}', 'taken'],
    ['', 'BODY_NOT_JSON'],
    ['{"a":1', 'BODY_NOT_JSON'],
    ['"', 'BODY_NOT_JSON'],
    [`${'['.repeat(32)}${']'.repeat(32)}`, 'taken'],
    [`${'['.repeat(33)}${']'.repeat(33)}`, 'BODY_TOO_DEEP'],
  ])('%s: %s [HTTP-3, I-39]', (text, code) => {
    expect(codeOf(text)).toBe(code)
  })

  it.each([
    ['quotes', `"${'\\"'.repeat(120_000)}`],
    ['backslashes', `"${'\\\\'.repeat(120_000)}"`],
    ['white space', `{"a"${' '.repeat(240_000)}:1}`],
    ['short texts', `[${Array.from({ length: 60_000 }, () => '""').join(' ,')}]`],
    ['brackets', '['.repeat(240_000)],
  ])('reads a quarter of a megabyte of %s in no time [HTTP-3, I-39]', (_name, text) => {
    const started = performance.now()
    codeOf(text)
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})

/** Whether the bracket at that place opens an object and does not stand in a text. */
function isKeyOf(text: string, position: number): boolean {
  const before = text.slice(0, position).replaceAll(/\\./g, '')
  return (before.match(/"/g)?.length ?? 0) % 2 === 0
}
