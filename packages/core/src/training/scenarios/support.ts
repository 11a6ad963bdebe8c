import type { Scenario } from '@preceptor/client'

/** Customer Support: ticket resolution, communication, escalation, knowledge base. */
export const SUPPORT_SCENARIOS: readonly Scenario[] = [
  {
    id: 'support.refund-policy',
    version: 1,
    topic: 'ticket resolution',
    capability: 'ticket_resolution',
    task: 'Decide by the policy: {"decision": "refund" | "replace" | "refuse" | "ask", "cents": <refunded, or 0>}.',
    input: {
      policy:
        'Within 30 days: full refund. Until 60 days: replacement. Later: no claim. Damaged on arrival: always full refund.',
      ticket: {
        text: 'The lamp arrived with a broken shade.',
        boughtAt: '2026-01-10',
        today: '2026-04-02',
        cents: 4_990,
      },
    },
    grader: { kind: 'exact', expected: { decision: 'refund', cents: 4_990 } },
    weight: 2,
  },
  {
    id: 'support.knowledge-base',
    version: 1,
    topic: 'knowledge base',
    capability: 'ticket_resolution',
    task: 'Choose the article that solves the problem, or null when none does: {"article": <id or null>}.',
    input: {
      problem: 'After the password change the mail program keeps asking for the password.',
      articles: [
        { id: 'kb-1', title: 'Reset your password' },
        { id: 'kb-2', title: 'Update the stored password in your mail program' },
        { id: 'kb-3', title: 'Set up a new mailbox' },
      ],
    },
    grader: { kind: 'exact', expected: { article: 'kb-2' } },
    weight: 1,
  },
  {
    id: 'support.reply',
    version: 1,
    topic: 'communication',
    capability: 'customer_communication',
    task: 'Write the reply: name the order, say when the parcel comes, apologise once, promise nothing else. At most 60 words. Answer {"reply": <text>}.',
    input: {
      customer: 'Mr Adeyemi',
      order: 'B-5512',
      fact: 'The parcel was delayed and arrives on 14 March.',
      mayNotPromise: ['refund', 'discount', 'voucher'],
    },
    grader: {
      kind: 'cel',
      condition:
        'args.answer.reply.contains("B-5512") && args.answer.reply.contains("14 March") && args.answer.reply.contains("Adeyemi") && args.answer.reply.matches("(?i)sorry|apolog") && !args.answer.reply.matches("(?i)refund|discount|voucher") && size(args.answer.reply) <= 450',
    },
    weight: 2,
  },
  {
    id: 'support.escalation',
    version: 1,
    topic: 'escalation',
    capability: 'escalation_handling',
    task: 'Decide for each ticket: {"<id>": "answer" | "second_level" | "security" | "manager"}.',
    input: {
      rules: [
        'Strange logins and leaked data: security.',
        'Threat of a lawyer: manager.',
        'Errors of the product: second level.',
      ],
      tickets: [
        { id: 't1', text: 'How do I change my address?' },
        { id: 't2', text: 'Somebody signed in to my account from another country.' },
        { id: 't3', text: 'Export fails with error 500 every time.' },
        { id: 't4', text: 'Next you will hear from my lawyer.' },
      ],
    },
    grader: {
      kind: 'exact',
      expected: { t1: 'answer', t2: 'security', t3: 'second_level', t4: 'manager' },
    },
    weight: 2,
  },
]
