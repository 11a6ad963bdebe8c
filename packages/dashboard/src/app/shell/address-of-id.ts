/** Where the page of an id is, by the prefix that says what the id is of. */
const PLACES: Readonly<Record<string, (id: string) => string>> = {
  prp: (id) => `/inbox/${id}`,
  ses: (id) => `/live/${id}`,
  trp: (id) => `/training/proposals/${id}`,
  trs: (id) => `/training/sessions/${id}`,
  wfl: (id) => `/workflows/${id}`,
  wrn: (id) => `/workflows/runs/${id}`,
  col: (id) => `/collab/${id}`,
  lss: (id) => `/learning/sessions/${id}`,
  pbk: (id) => `/learning/playbooks/${id}`,
  grt: () => '/settings/grants',
  key: () => '/settings/keys',
  whk: () => '/settings/notifications',
  esc: () => '/settings/escalations',
  stp: () => '/settings/stops',
  byp: () => '/settings/stops',
  alr: () => '/alerts',
}

const ID = /^([a-z]{3})_[0-9a-z-]{1,64}$/

/** The address of what an id names; undefined for a text that is no id of something with a page. */
export function addressOfId(text: string): string | undefined {
  const kind = ID.exec(text)?.[1]
  return kind === undefined ? undefined : PLACES[kind]?.(text)
}
