/** What the addresses of settings say; what is left out has its default. */
export interface SettingsSearch {
  /** Of policies: the version that is shown. */
  readonly version?: number
  /** Of policies: the version that it is compared with; default: the one before it. */
  readonly against?: number
  /** Of policies: the text is edited. */
  readonly edit?: true
  /** Of webhooks: whose deliveries are shown. */
  readonly webhook?: string
  /** Of grants: only these. */
  readonly state?: string
  /** Of grants: only those of this agent. */
  readonly agent?: string
  /** Of what is in shadow: so many days back. */
  readonly days?: number
  /** Of what is in shadow: the capability that is looked at. */
  readonly capability?: string
}

const DAYS = [1, 7, 30, 90]
const LONGEST = 256
const NAME = /^[A-Za-z0-9._:-]{1,128}$/

/** Reads the address; what it cannot mean is left out. */
export function readSettingsSearch(search: Readonly<Record<string, unknown>>): SettingsSearch {
  const version = versionOf(search.version)
  const against = versionOf(search.against)
  const webhook = nameOf(search.webhook)
  const state = nameOf(search.state)
  const agent = nameOf(search.agent)
  const days = DAYS.find((known) => known === search.days)
  const capability = typeof search.capability === 'string' ? search.capability.slice(0, LONGEST) : ''
  return {
    ...(version === undefined ? {} : { version }),
    ...(against === undefined ? {} : { against }),
    ...(search.edit === true ? { edit: true as const } : {}),
    ...(webhook === undefined ? {} : { webhook }),
    ...(state === undefined ? {} : { state }),
    ...(agent === undefined ? {} : { agent }),
    ...(days === undefined ? {} : { days }),
    ...(capability === '' ? {} : { capability }),
  }
}

function versionOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined
}

function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' && NAME.test(value) ? value : undefined
}
