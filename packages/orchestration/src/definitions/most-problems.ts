/** Problems of a definition that are listed at most. */
export const MOST_PROBLEMS = 100
