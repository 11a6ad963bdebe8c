/** The name under which learning stands in records. */
export const LEARNING = 'system:learning'
