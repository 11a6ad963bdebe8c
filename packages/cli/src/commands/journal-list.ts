import { visibleJson } from '@preceptor/client'
import { type Command, textOf } from '../command.ts'
import { CONNECTION_FLAGS, connect } from '../connect.ts'
import { PAGE_FLAGS, pageQueryOf, printPage, wholeNumber } from './paging.ts'

/** `preceptor journal list`: what is on record. */
export const journalList: Command = {
  name: 'journal list',
  words: [],
  summary: 'List what is on record, newest first, or from a sequence on',
  flags: {
    ...CONNECTION_FLAGS,
    ...PAGE_FLAGS,
    agent: { value: '<id>', summary: 'only about this agent' },
    kind: { value: '<kind>', summary: 'only of this kind, such as policy.changed' },
    subject: { value: '<id>', summary: 'only about this subject, such as a proposal' },
    actor: { value: '<name>', summary: 'only what they did, such as user:ana' },
    from: { value: '<time>', summary: 'only what was recorded then or later, ISO 8601' },
    to: { value: '<time>', summary: 'only what was recorded before, ISO 8601' },
    after: { value: '<sequence>', summary: 'only after this sequence, the oldest first' },
  },
  async run(call) {
    const texts = (['agent', 'kind', 'subject', 'actor', 'from', 'to'] as const).map(
      (name) => [name, textOf(call, name)] as const,
    )
    const after = textOf(call, 'after')
    const query = {
      ...pageQueryOf(call),
      ...Object.fromEntries(texts.filter(([, value]) => value !== undefined)),
      ...(after === undefined ? {} : { after: wholeNumber('after', after, { from: 0, to: Number.MAX_SAFE_INTEGER }) }),
    }
    const { scope } = await connect(call)
    await printPage(call, await scope.journal.list(query), {
      noun: 'rows',
      headings: ['SEQUENCE', 'AT', 'KIND', 'SUBJECT', 'AGENT', 'BODY'],
      row: ({ sequence, recordedAt, kind, subjectId, agent, body }) => [
        sequence === null ? '-' : String(sequence),
        recordedAt,
        kind,
        subjectId,
        agent ?? '-',
        visibleJson(body),
      ],
    })
    return 0
  },
}
