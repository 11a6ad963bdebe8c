/** The sections, as the list of them shows them. */
export const SECTION_GROUPS = [
    ['rules', ['policies', 'actions', 'grants', 'stops']],
    ['people', ['members', 'escalations', 'reviewers']],
    ['connections', ['notifications', 'keys']],
    ['here', ['me', 'about']],
];
const NAMES = SECTION_GROUPS.flatMap(([, sections]) => sections);
/** The section that an address names; undefined for one that there is not. */
export function sectionNamed(text) {
    return NAMES.find((name) => name === text);
}
//# sourceMappingURL=sections.js.map