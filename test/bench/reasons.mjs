/**
 * @typedef {object} Reason
 * @property {readonly string[]} rows how the names of the rows begin
 * @property {string} why what bounds them
 * @property {readonly string[]} tried at least three things that were tried, with what each gave
 */

/** Why gates are missed. @type {readonly Reason[]} */
export const REASONS = []

/** Why a row misses its gate, as far as that is known. @param {{ name: string }} row */
export function reasonOf({ name }) {
  return REASONS.find(({ rows }) => rows.some((beginning) => name.startsWith(beginning)))
}
