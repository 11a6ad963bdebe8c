/** Milliseconds for which a claim of a step holds unless it is renewed. */
export const HOLD_MS = 30_000

/** Names the job of a step that nobody claimed yet, as what looks for due steps does: the queue has it once. */
export const FIRST_KEY = 'f0'
