import { defineMessages } from '../text/messages.ts'

/** What the section of what is in shadow says. */
export const SHADOW = defineMessages('shadow', {
  title: 'In shadow',
  intro:
    'Capabilities whose rules are watched before they stop anybody: each attempt ran, and what the policy would have done with it is on record.',
  days: 'Days back',
  dayCount: '{days, plural, one {# day} other {# days}}',
  period: '{from} to {to}.',
  none: 'Nothing is or was in shadow in that time.',
  noneWhy:
    'A capability that the policy names under “shadow” runs without its rules, and is reported here until it is enforced.',
  capabilities: 'Capabilities',
  capability: 'Capability',
  now: 'Now',
  shadowed: 'in shadow',
  enforced: 'enforced',
  ran: 'Ran',
  held: 'Watched or held back',
  heldShare: '{held} ({share})',
  unused: 'Nothing was attempted at it in that time.',
  verdict:
    'Of {ran, plural, one {# attempt that ran} other {# attempts that ran}}, enforcing would have {held, plural, =0 {let all run just so} one {watched or held back #} other {watched or held back #}}.',
  chart: 'Where enforcing would have sent what ran',
  byAgent: 'By agent',
  byAction: 'By action',
  agent: 'Agent',
  action: 'Action',
  examples: 'The newest that would not just have run',
  examplesNone: 'None of the newest is of this capability.',
  decided: 'Decided',
  was: 'Was',
  would: 'Would be',
  because: 'Because',
  reads:
    'Each was ruled on in its moment, by the limits and the maturity of then. Whether a grant would have covered it, or somebody would have watched, is not known.',
  enforce: 'Enforce…',
  enforceTitle: 'Enforce the rules of {capability}?',
  enforceEffect:
    'The policy stops only watching “{capability}”: from version {version} on its rules hold for every attempt. What waits already is ruled on again before it runs.',
  enforceNow: 'Enforce',
  taken: 'The rules of {capability} hold from version {version} on.',
  overtaken:
    'Somebody saved version {version} meanwhile. What it says now stands below: enforce on top of it, or go back.',
  notShadowed: 'The policy in force does not only watch “{capability}” any more.',
})
