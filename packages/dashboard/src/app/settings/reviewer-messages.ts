import { defineMessages } from '../text/messages.ts'

/** What the section of reviewers says. */
export const REVIEWERS = defineMessages('reviewers', {
  title: 'Reviewers',
  intro:
    'Autonomous agents that review. Their verdicts count for safe and medium risk alone, and only once people agreed with them often enough; high and critical are only for people.',
  caption: 'Autonomous reviewers',
  agent: 'Agent',
  active: 'active',
  suspended: 'suspended',
  boundTo: 'Bound to',
  unbound: 'not bound in this process',
  record: 'Record',
  agreement: 'People agreed {agreed} times, disagreed {disagreed} times',
  canaries: 'Canaries: caught {caught}, missed {missed}',
  decided: 'Decided {decided}',
  safe: 'Safe',
  medium: 'Medium',
  counts: 'verdicts count',
  share: '{percent} of the evidence',
  evidence: 'Evidence for {risk} risk',
  suspend: 'Suspend',
  suspendTitle: 'Suspend {agent} as a reviewer?',
  suspendEffect: 'It reviews no more, and what it approved and has not run goes back to people.',
  suspendSaid: 'The reviewer is suspended.',
  resume: 'Resume',
  resumeTitle: 'Let {agent} review again?',
  resumeEffect: 'It begins with a new record: its verdicts advise only, until it has shown anew that people agree.',
  resumeSaid: 'The reviewer reviews again.',
  changed: '{who}, {time}: {reason}',
  empty: 'No agent reviews here.',
  emptyWhy: 'A reviewer is an autonomous agent of the workspace, bound in your code to a model, an endpoint or rules:',
})
