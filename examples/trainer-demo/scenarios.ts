/** An answer of one type of agents, what somebody said of it, and what a model makes of it that heeds that. */
export interface Scenario {
  readonly agentType: string
  readonly format: string
  readonly task: string
  readonly original: string
  readonly correction: string
  readonly improved: string
  /** Words by which the instructions of the strategy are recognised. */
  readonly role: string
  /** A criterion that only this strategy has. */
  readonly criterion: string
}

const PORT = `// Refuse a port that is no whole number from 1 to 65535, with an error that names it.
export function readPort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port
  throw new RangeError(\`The port "\${text}" is no whole number from 1 to 65535.\`)
}`

/** One scenario for each of six types. */
export const SCENARIOS: readonly Scenario[] = [
  {
    agentType: 'engineer',
    format: 'code',
    task: 'Read the port that the shop listens on.',
    original: 'const port = Number(process.env.PORT)',
    correction: 'Refuse a port that is no whole number from 1 to 65535, with an error that names it.',
    improved: PORT,
    role: 'You are an engineer',
    criterion: 'error_handling',
  },
  {
    agentType: 'documentation',
    format: 'documentation',
    task: 'Explain how a customer sends an order back.',
    original: 'Use the form.',
    correction: 'Say where the form is, that the label is printed, and that the parcel goes to any post office.',
    improved: `# Send an order back

Open the order: that is where the form is. The label is printed, and the parcel goes to any post office.`,
    role: 'You write documentation',
    criterion: 'audience',
  },
  {
    agentType: 'qa',
    format: 'mixed',
    task: 'Write a test case for the limit of an agent.',
    original: 'Try some amounts and see whether it works.',
    correction: 'Pay exactly 50 euros, 51 euros and an empty amount; expect approval, escalation and an error.',
    improved: `1. Pay exactly 50 euros, which is the limit.
2. Pay 51 euros.
3. Pay an empty amount.

Expected: approval, escalation and an error.`,
    role: 'You test software',
    criterion: 'reproducibility',
  },
  {
    agentType: 'research',
    format: 'analysis',
    task: 'Does a longer period raise the number of parcels that come back?',
    original: 'Yes, it rises by 20 % everywhere.',
    correction: 'Only one study shows it, https://example.org/period; the effect is open elsewhere.',
    improved: `Findings: only one study shows it [1].
Conclusion: the effect is open elsewhere.

[1] https://example.org/period`,
    role: 'You do research',
    criterion: 'sources',
  },
  {
    agentType: 'ops',
    format: 'mixed',
    task: 'How is the shop deployed?',
    original: 'Apply it with image: shop:latest.',
    correction: 'Fix the version 4.2.0, verify the rollout status, and undo it with rollout undo.',
    improved: `Fix the version 4.2.0 and verify the rollout status:

\`\`\`sh
kubectl set image deployment/shop shop=shop:4.2.0
kubectl rollout status deployment/shop
\`\`\`

To undo it, roll back with rollout undo.`,
    role: 'You run systems',
    criterion: 'verification',
  },
  {
    agentType: 'security',
    format: 'analysis',
    task: 'Review the query of the order search.',
    original: 'The query is fine.',
    correction: 'Severity high: the name is part of the query text. Remedy: use a bound parameter instead.',
    improved: `Findings: Severity high: the name is part of the query text.
Conclusion: Remedy: use a bound parameter instead.`,
    role: 'You secure systems',
    criterion: 'remediation',
  },
]

/** One question, answered in each of the five forms; as the model says it, with what belongs to no answer around it. */
export const FORMS: readonly {
  readonly format: string
  /** How the instruction for the form begins. */
  readonly instruction: string
  readonly said: string
  /** What is left of it. */
  readonly kept: string
  /** A check that comes with the form. */
  readonly check: string
}[] = [
  {
    format: 'code',
    instruction: 'Answer with code alone',
    said: "Here you are:\n\n```ts\nconst needed = ['the order number']\n```\n\nAnything else?",
    kept: "const needed = ['the order number']",
    check: 'code-parses',
  },
  {
    format: 'documentation',
    instruction: 'Answer with a document',
    said: '```markdown\n# What is needed\n\nThe order number.\n```',
    kept: '# What is needed\n\nThe order number.',
    check: 'has-heading',
  },
  {
    format: 'analysis',
    instruction: 'Answer with an analysis',
    said: 'Findings: the order number is known.\nConclusion: it is enough.',
    kept: 'Findings: the order number is known.\nConclusion: it is enough.',
    check: 'has-conclusion',
  },
  {
    format: 'conversation',
    instruction: 'Answer as one would say it',
    said: 'Assistant: "The order number is enough."',
    kept: 'The order number is enough.',
    check: 'reads-as-speech',
  },
  {
    format: 'mixed',
    instruction: 'Answer with text, and with code',
    said: 'The order number is enough:\n\n```json\n{ "needs": "order number" }\n```',
    kept: 'The order number is enough:\n\n```json\n{ "needs": "order number" }\n```',
    check: 'fences-complete',
  },
]

/** The question of the forms. */
export const FORM_TASK = 'What must a caller have at hand?'

/** Tickets that a model corrects badly until it is told to compare sentence by sentence. */
export const TICKETS: readonly string[] = Array.from(
  { length: 14 },
  (_, index) => `Write the ticket about counter ${index + 1}, which shows no total.`,
)
export const TICKET_ORIGINAL = 'The counter does not work.'
export const TICKET_CORRECTION =
  'The total is missing since release 4.2.0. Steps: 1. Add a lamp. 2. Open the basket. Expected: 20 euros. Actual: nothing. Priority: high.'
export const TICKET_IMPROVED = `The total is missing since release 4.2.0

Steps:
1. Add a lamp.
2. Open the basket.

Expected: 20 euros.
Actual: nothing.
Priority: high.`
/** What the guidance of an adaptation says. */
export const COMPARE = 'compare each sentence of the correction'
