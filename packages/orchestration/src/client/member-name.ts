/** Name of a member of a collaboration as records have it: `agent:writer`, `user:ana`. */
export type MemberName = `agent:${string}` | `user:${string}`
