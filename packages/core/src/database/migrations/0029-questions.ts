/** Actions that are questions to people: who asks them shows nothing by the answer. */
export const questions: { readonly name: string; readonly sql: string } = {
  name: '0029-questions',
  sql: `
alter table actions add column asks_people boolean not null default false;
`,
}
