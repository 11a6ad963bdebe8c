import type { Canaries } from './canaries.ts'

/** Everything that came out of the product, by where it came out. */
export interface Sinks {
  add(sink: string, text: unknown): void
  /** Each canary that was found, as `sink: place`. */
  found(canaries: Canaries): readonly string[]
  /** How many texts there were, by sink. */
  counts(): Readonly<Record<string, number>>
  textsOf(sink: string): readonly string[]
}

/** Gathers what comes out. */
export function createSinks(): Sinks {
  const texts = new Map<string, string[]>()
  return {
    add(sink, text) {
      const list = texts.get(sink) ?? []
      list.push(typeof text === 'string' ? text : JSON.stringify(text))
      texts.set(sink, list)
    },
    found: (canaries) => {
      const hits = [...texts].flatMap(([sink, list]) =>
        canaries.foundIn(list.join('\n')).map((place) => `${sink}: ${place}`),
      )
      return [...new Set(hits)].sort()
    },
    counts: () => Object.fromEntries([...texts].map(([sink, list]) => [sink, list.length])),
    textsOf: (sink) => texts.get(sink) ?? [],
  }
}
