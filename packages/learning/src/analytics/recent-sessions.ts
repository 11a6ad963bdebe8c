/** A trend or a prediction looks at so many of the latest sessions. */
export const RECENT_SESSIONS = 50

/** Fewer sessions than this show no trend. */
export const LEAST_SESSIONS = 5
