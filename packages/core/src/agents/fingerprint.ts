import type { Fingerprint } from '@preceptor/client'

/** The parts of a fingerprint, in the order in which they are compared. */
export const FINGERPRINT_PARTS: readonly (keyof Fingerprint)[] = ['version', 'model', 'instructions', 'tools']

/** What comparing a seen fingerprint with the recorded one gives. */
export type FingerprintComparison =
  | { readonly result: 'same' }
  /** Parts that were never seen before: they are taken over at first sight. */
  | { readonly result: 'extended'; readonly fingerprint: Fingerprint }
  | { readonly result: 'changed'; readonly part: keyof Fingerprint }

/** Compares only the parts that the adapter could see: which adapter it is, is no part of the agent. */
export function compareFingerprints(recorded: Fingerprint, seen: Fingerprint | undefined): FingerprintComparison {
  if (seen === undefined) return { result: 'same' }
  const visible = FINGERPRINT_PARTS.filter((part) => seen[part] !== undefined)
  const changed = visible.find((part) => recorded[part] !== undefined && recorded[part] !== seen[part])
  if (changed !== undefined) return { result: 'changed', part: changed }
  if (visible.every((part) => recorded[part] !== undefined)) return { result: 'same' }
  return { result: 'extended', fingerprint: { ...recorded, ...pick(seen, visible) } }
}

/** Whether a build that an adapter saw changes what is recorded of the agent: a part that is new, or the first that differs. */
export function isNewBuild(
  agent: { readonly fingerprint: Fingerprint; readonly fingerprintCapped: boolean },
  seen: Fingerprint | undefined,
): boolean {
  const { result } = compareFingerprints(agent.fingerprint, seen)
  return result === 'extended' || (result === 'changed' && !agent.fingerprintCapped)
}

function pick(fingerprint: Fingerprint, parts: readonly (keyof Fingerprint)[]): Fingerprint {
  return Object.fromEntries(parts.map((part) => [part, fingerprint[part]]))
}
