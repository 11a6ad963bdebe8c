const FENCE = /^```(?:json)?[ \t]*\r?\n([\s\S]*?)\r?\n?```$/i
const TOKENS = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g

/** The JSON object that a text is, alone or in one fence; undefined for anything else, and where a key stands twice. */
export function strictJson(text: string): unknown {
  const trimmed = text.trim()
  const inside = FENCE.exec(trimmed)?.[1] ?? trimmed
  if (!inside.startsWith('{') || hasEqualKeys(inside)) return undefined
  try {
    return JSON.parse(inside)
  } catch {
    return undefined
  }
}

/** A parser takes the last of two equal keys: a reply with two scores for one criterion has none. */
function hasEqualKeys(text: string): boolean {
  const open: Set<string>[] = []
  for (const [token, colon] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(new Set())
    else if (token === '}' || token === ']') open.pop()
    else if (colon !== undefined) {
      const key = token.slice(0, token.length - colon.length)
      if (open.at(-1)?.has(key) === true) return true
      open.at(-1)?.add(key)
    }
  }
  return false
}
