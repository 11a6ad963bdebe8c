import type { Scenario } from '@preceptor/client'

/** HR Management: onboarding, policy questions, employee data, documentation. */
export const PEOPLE_SCENARIOS: readonly Scenario[] = [
  {
    id: 'people.onboarding',
    version: 1,
    topic: 'onboarding',
    capability: 'onboarding',
    task: 'List what is still open before the first day, in the order of its due date: {"open": [names]}.',
    input: {
      firstDay: '2026-09-01',
      steps: [
        { name: 'contract', due: '2026-08-10', done: true },
        { name: 'laptop', due: '2026-08-25', done: false },
        { name: 'accounts', due: '2026-08-28', done: false },
        { name: 'tax form', due: '2026-08-20', done: false },
        { name: 'feedback talk', due: '2026-10-01', done: false },
      ],
    },
    grader: { kind: 'exact', expected: { open: ['tax form', 'laptop', 'accounts'] } },
    weight: 1,
  },
  {
    id: 'people.policy-leave',
    version: 1,
    topic: 'policy questions',
    capability: 'policy_knowledge',
    task: 'Answer from the policy alone. Answer {"allowed": true | false, "days": <days that may be carried over>}.',
    input: {
      policy:
        'Up to 5 days of leave may be carried over to the next year and are lost after 31 March. More needs the approval of the director.',
      question: 'I have 8 days left. May I take all of them in February without asking anybody?',
    },
    grader: { kind: 'exact', expected: { allowed: false, days: 5 } },
    weight: 2,
  },
  {
    id: 'people.policy-silent',
    version: 1,
    topic: 'policy questions',
    capability: 'policy_knowledge',
    task: 'Answer from the policy alone; what it does not say, you do not know. Answer {"decision": "yes" | "no" | "ask_hr"}.',
    input: {
      policy: 'Employees may work from home on two days a week. Working from abroad needs approval.',
      question: 'Does the company pay for my desk at home?',
    },
    grader: { kind: 'exact', expected: { decision: 'ask_hr' } },
    weight: 1,
  },
  {
    id: 'people.data-request',
    version: 1,
    topic: 'employee data',
    capability: 'employee_data',
    task: 'Say which of the asked fields may be given to the asker by the rules. Answer {"give": [fields, sorted], "refuse": [fields, sorted]}.',
    input: {
      rules: ['Colleagues see name, team and work telephone.', 'Salary and sick days are for HR and the person alone.'],
      asker: 'colleague of another team',
      fields: ['team', 'salary', 'workTelephone', 'sickDays'],
    },
    grader: { kind: 'exact', expected: { give: ['team', 'workTelephone'], refuse: ['salary', 'sickDays'] } },
    weight: 2,
  },
  {
    id: 'people.documentation',
    version: 1,
    topic: 'documentation',
    capability: 'employee_data',
    task: 'Write the record of the change: {"employee": <id>, "field": <name>, "before": <value>, "after": <value>, "effective": <date>}.',
    input: {
      employee: { id: 'e-204', team: 'Support', weeklyHours: 40 },
      message: 'As agreed, I will work 32 hours a week from 1 July 2026 on.',
    },
    grader: {
      kind: 'exact',
      expected: { employee: 'e-204', field: 'weeklyHours', before: 40, after: 32, effective: '2026-07-01' },
    },
    weight: 1,
  },
]
