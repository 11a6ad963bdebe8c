/** What the address of a list of learning says; what is left out is not narrowed. */
export interface LearningSearch {
  readonly type?: string
  readonly agent?: string
  readonly tag?: string
  readonly find?: string
  readonly state?: string
}

const NAME = /^[A-Za-z0-9._:-]{1,128}$/
const LONGEST = 200

/** Reads the address; what it cannot mean is left out. */
export function readLearningSearch(search: Readonly<Record<string, unknown>>): LearningSearch {
  const { find } = search
  const names = (['type', 'agent', 'tag', 'state'] as const).flatMap((key) => {
    const text = String(search[key] ?? '')
    return NAME.test(text) ? [[key, text] as const] : []
  })
  return {
    ...Object.fromEntries(names),
    ...(typeof find === 'string' && find !== '' && find.length <= LONGEST ? { find } : {}),
  }
}

/** What the address of a playbook says: the versions that are compared. */
export interface PlaybookSearch {
  readonly from?: number
  readonly to?: number
}

/** Reads the address of a playbook; what it cannot mean is left out. */
export function readPlaybookSearch({ from, to }: Readonly<Record<string, unknown>>): PlaybookSearch {
  return { ...(isVersion(from) ? { from } : {}), ...(isVersion(to) ? { to } : {}) }
}

function isVersion(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0
}
