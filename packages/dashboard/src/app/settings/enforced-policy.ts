import type { JsonObject } from '@preceptor/client'

/** A policy of which the rules of a capability are no longer only watched; the same document where they are not. */
export function withoutShadow(document: JsonObject, capability: string): JsonObject {
  const { shadow, ...rest } = document
  if (!Array.isArray(shadow) || !shadow.includes(capability)) return document
  const left = shadow.filter((name) => name !== capability)
  return left.length === 0 ? rest : { ...document, shadow: left }
}
