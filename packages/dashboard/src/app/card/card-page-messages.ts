import { defineMessages } from '../text/messages.ts'

/** What the page of a card says, and what stands around the action. */
export const CARD_PAGE = defineMessages('card-page', {
  back: '← Inbox',
  reading: 'Reading the proposal…',
  changed: 'It changed: this is version {version}.',
  says: 'What the agent says',
  unverified: 'unverified text',
  saysHint: 'Written by the agent. It is no part of what runs.',
  approvals: 'Approvals',
  given: '<b>{given} of {required}</b>{names}',
  separation: 'Who asked, and who owns the agent, cannot decide.',
  history: '{agent}, {action}',
  noHistory: 'Nobody has decided on this action of this agent before.',
  historyLine:
    'Of the last {decided, plural, one {# decision} other {# decisions}}: <good>✓ {unchanged} unchanged</good> · ✎ {edited} edited · <bad>✗ {rejected} rejected</bad>',
  which: 'Which',
  binding: 'Action hash <hash></hash> binds a decision to exactly this',
  copyHash: 'Copy hash',
  bindingHint:
    'SHA-256 over the canonical JSON of the workspace, the arguments and this; version {version}. {executor, select, caller {Who asked runs it when they come back.} other {A worker runs it once it is approved.}}',
  advice: 'Advice',
  decidesNothing: 'decides nothing',
  noAdvice: 'Nobody has asked for advice on this version.',
  adviceApprove: 'Nothing speaks against it',
  adviceModify: 'Better with other arguments',
  adviceReject: 'Better not',
  adviceEscalate: 'Look closely: this is for a person to judge',
  adviceBy: 'By {author}, <when></when>',
  rules: 'rules',
  model: 'the model {name}',
  thereIsAdvice: 'There is advice.',
  ask: 'Ask for advice',
  askAgain: 'Ask again',
  apply: 'Edit with these arguments',
  allowSimilar: 'Allow similar calls…',
  grantHint: 'So far each call like this waits for a person.',
})
