import { randomBytes } from 'node:crypto'

/** Secrets of a test, each named after the place into which it is put. */
export interface Canaries {
  /** In a form that can be recognised anywhere. */
  known(place: string): string
  /** In no form at all: only a schema, or the name of what holds it, can tell that it is secret. */
  formless(place: string): string
  /** A secret that the product made. */
  keep(place: string, secret: string): string
  /** The places whose secret stands in a text, in whatever way it is written there. */
  foundIn(text: string): readonly string[]
}

/** Makes the canaries of one run. */
export function createCanaries(): Canaries {
  const run = randomBytes(4).toString('hex')
  const secrets = new Map<string, string>()
  const keep = (place: string, secret: string): string => {
    if (secrets.has(place) && secrets.get(place) !== secret) throw new Error(`There are two canaries in ${place}.`)
    secrets.set(place, secret)
    return secret
  }
  const tailOf = (place: string): string => `${run}${Buffer.from(place).toString('hex')}`
  return {
    known: (place) => {
      const tail = `${tailOf(place)}9fKz`
      keep(place, tail)
      return `sk-canary-${tail}`
    },
    formless: (place) => keep(place, `Tulip${tailOf(place)}`),
    keep,
    foundIn: (text) =>
      [...secrets]
        .filter(([, secret]) => waysToWrite(secret).some((way) => text.includes(way)))
        .map(([place]) => place),
  }
}

function waysToWrite(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1)
  // Of base64 what stands in the middle, because where it begins depends on what stands before it.
  const encoded = [0, 1, 2].map((before) =>
    Buffer.from(' '.repeat(before) + secret)
      .toString('base64')
      .slice(before === 0 ? 0 : 4, -4),
  )
  return [...new Set([secret, json, encodeURIComponent(secret), ...encoded.filter((way) => way.length >= 16)])]
}
