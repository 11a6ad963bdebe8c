/** Names of the sections of settings, which are their addresses. */
export type SectionName =
  | 'policies'
  | 'shadow'
  | 'actions'
  | 'grants'
  | 'stops'
  | 'alerts'
  | 'members'
  | 'escalations'
  | 'reviewers'
  | 'notifications'
  | 'keys'
  | 'me'
  | 'about'

/** Names of the groups that the sections stand in. */
export type GroupName = 'rules' | 'people' | 'connections' | 'here'

/** The sections, as the list of them shows them. */
export const SECTION_GROUPS: readonly (readonly [group: GroupName, sections: readonly SectionName[]])[] = [
  ['rules', ['policies', 'shadow', 'actions', 'grants', 'stops', 'alerts']],
  ['people', ['members', 'escalations', 'reviewers']],
  ['connections', ['notifications', 'keys']],
  ['here', ['me', 'about']],
]

const NAMES: readonly SectionName[] = SECTION_GROUPS.flatMap(([, sections]) => sections)

/** The section that an address names; undefined for one that there is not. */
export function sectionNamed(text: string): SectionName | undefined {
  return NAMES.find((name) => name === text)
}
