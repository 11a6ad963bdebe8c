/** Milliseconds for which a claim of a step holds unless it is renewed. */
export const HOLD_MS = 30_000
