import type { Scenario } from '@preceptor/client'

/** Sales Operations: lead scoring, CRM update, outreach, pipeline. */
export const SALES_SCENARIOS: readonly Scenario[] = [
  {
    id: 'sales.lead-scoring',
    version: 1,
    topic: 'lead scoring',
    capability: 'lead_management',
    task: 'Score the leads by the rules and order them, best first; equal ones by id. Answer {"order": [ids], "scores": {"<id>": <points>}}.',
    input: {
      rules: [
        '20 points for a budget of 10000 or more',
        '10 for a named decision maker',
        '5 for each visit, at most 15',
      ],
      leads: [
        { id: 'l1', budget: 12_000, decisionMaker: null, visits: 1 },
        { id: 'l2', budget: 4_000, decisionMaker: 'M. Okafor', visits: 5 },
        { id: 'l3', budget: 10_000, decisionMaker: 'S. Lind', visits: 0 },
      ],
    },
    grader: { kind: 'exact', expected: { order: ['l3', 'l1', 'l2'], scores: { l1: 25, l2: 25, l3: 30 } } },
    weight: 2,
  },
  {
    id: 'sales.duplicate-lead',
    version: 1,
    topic: 'lead scoring',
    capability: 'lead_management',
    task: 'A new lead came in. Say whether it is one that is known: {"decision": "merge" | "create", "with": <id or null>}.',
    input: {
      lead: { name: 'Jana Berg', email: 'J.Berg@example.com' },
      known: [
        { id: 'c7', name: 'Jana Bergmann', email: 'jana@example.org' },
        { id: 'c9', name: 'J. Berg', email: 'j.berg@example.com' },
      ],
    },
    grader: { kind: 'exact', expected: { decision: 'merge', with: 'c9' } },
    weight: 1,
  },
  {
    id: 'sales.crm-update',
    version: 1,
    topic: 'CRM update',
    capability: 'crm_operations',
    task: 'Turn the note into the change of the record: only fields that the note changes. Stages are new, contacted, qualified, lost. Answer {"changes": {…}}.',
    input: {
      record: { stage: 'contacted', phone: '+49 40 1234', nextStep: 'call on Monday', owner: 'ira' },
      note: 'Spoke with her today. Budget is approved and she decides herself, so this is qualified. Send the offer by 2026-05-04.',
      fields: { nextStep: 'text: <what> by <date>', stage: 'one of the stages' },
    },
    grader: {
      kind: 'cel',
      condition:
        'args.answer.changes.stage == "qualified" && args.answer.changes.nextStep.contains("2026-05-04") && !("phone" in args.answer.changes) && !("owner" in args.answer.changes)',
    },
    weight: 2,
  },
  {
    id: 'sales.outreach',
    version: 1,
    topic: 'outreach',
    capability: 'sales_process',
    task: 'Say whom you may write to today. Who has opted out, or was written to in the last 14 days, is left alone. Answer {"write": [ids, sorted]}.',
    input: {
      today: '2026-05-20',
      contacts: [
        { id: 'k1', optedOut: false, lastWritten: '2026-05-01' },
        { id: 'k2', optedOut: true, lastWritten: null },
        { id: 'k3', optedOut: false, lastWritten: '2026-05-11' },
        { id: 'k4', optedOut: false, lastWritten: null },
      ],
    },
    grader: { kind: 'exact', expected: { write: ['k1', 'k4'] } },
    weight: 1,
  },
  {
    id: 'sales.pipeline',
    version: 1,
    topic: 'pipeline',
    capability: 'sales_process',
    task: 'Give the expected value of the pipeline: amount times probability of the stage, open deals only. Answer {"cents": <number>}.',
    input: {
      probabilities: { contacted: 0.1, qualified: 0.4, offer: 0.6 },
      deals: [
        { amount: 500_000, stage: 'qualified', open: true },
        { amount: 250_000, stage: 'offer', open: true },
        { amount: 900_000, stage: 'offer', open: false },
        { amount: 100_000, stage: 'contacted', open: true },
      ],
    },
    grader: { kind: 'numeric', at: '/cents', expected: 360_000, tolerance: 0.5 },
    weight: 1,
  },
]
