import { GovernanceError, type JsonValue } from '@preceptor/client'

const MOST_LEVELS = 32
const RESERVED = new Set(['__proto__', 'constructor', 'prototype'])
// In text that is JSON: a bracket, or a string with the colon that makes it a key.
const TOKEN = /[{}[\]]|("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?/g

/**
 * Parses JSON and refuses what two readers could understand in two ways: a key twice, a key that reaches a prototype,
 * more than 32 levels.
 *
 * @throws GovernanceError `BODY_NOT_JSON`, `BODY_TOO_DEEP`, `INPUT_INVALID`.
 */
export function parseStrictJson(text: string): JsonValue {
  const value = parse(text)
  const levels: Set<string>[] = []
  for (const [token, string, colon] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') levels.push(new Set())
    else if (string === undefined) levels.pop()
    else if (colon !== undefined) addKey(levels.at(-1), JSON.parse(string))
    if (levels.length > MOST_LEVELS) throw new GovernanceError('BODY_TOO_DEEP')
  }
  return value
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new GovernanceError('BODY_NOT_JSON', { cause })
  }
}

function addKey(keys: Set<string> | undefined, key: string): void {
  if (!RESERVED.has(key) && keys?.has(key) !== true) return void keys?.add(key)
  const problem = RESERVED.has(key) ? 'is not allowed' : 'stands there twice'
  throw new GovernanceError('INPUT_INVALID', { message: `The key ${JSON.stringify(key.slice(0, 40))} ${problem}.` })
}
