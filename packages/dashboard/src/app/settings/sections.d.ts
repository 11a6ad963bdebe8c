/** Names of the sections of settings, which are their addresses. */
export type SectionName = 'policies' | 'actions' | 'grants' | 'stops' | 'members' | 'escalations' | 'reviewers' | 'notifications' | 'keys' | 'me' | 'about';
/** Names of the groups that the sections stand in. */
export type GroupName = 'rules' | 'people' | 'connections' | 'here';
/** The sections, as the list of them shows them. */
export declare const SECTION_GROUPS: readonly (readonly [group: GroupName, sections: readonly SectionName[]])[];
/** The section that an address names; undefined for one that there is not. */
export declare function sectionNamed(text: string): SectionName | undefined;
//# sourceMappingURL=sections.d.ts.map