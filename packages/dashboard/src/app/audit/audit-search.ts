/** What the address of the journal says; what is left out matches everything. */
export interface AuditSearch {
  /** Kind of the rows, such as `proposal.approved`. */
  readonly kind?: string
  /** Who did it, such as `user:ana`. */
  readonly actor?: string
  /** Id of what it is about. */
  readonly subject?: string
  readonly agent?: string
  /** First day, `2026-11-22`, in the zone of the reader. */
  readonly from?: string
  /** Last day. */
  readonly to?: string
}

const KIND = /^[a-z_]+\.[a-z_]+$/
const NAME = /^[^\s]{1,200}$/
const DAY = /^\d{4}-\d{2}-\d{2}$/

/** Reads the address; what it cannot mean is left out. */
export function readAuditSearch(search: Readonly<Record<string, unknown>>): AuditSearch {
  const day = (name: string): Readonly<Record<string, string>> => {
    const given = part(name, DAY)
    return Number.isNaN(Date.parse(`${given[name]}T00:00:00`)) ? {} : given
  }
  const part = (name: string, pattern: RegExp): Readonly<Record<string, string>> => {
    const value = search[name]
    return typeof value === 'string' && pattern.test(value) ? { [name]: value } : {}
  }
  return {
    ...part('kind', KIND),
    ...part('actor', NAME),
    ...part('subject', NAME),
    ...part('agent', NAME),
    ...day('from'),
    ...day('to'),
  }
}
