import type { Scenario } from '@preceptor/client'

/** Process Automation: inventory, logistics, process optimization, scheduling. */
export const OPERATIONS_SCENARIOS: readonly Scenario[] = [
  {
    id: 'operations.reorder',
    version: 1,
    topic: 'inventory',
    capability: 'inventory_management',
    task: 'Say what to reorder and how much: up to the target, when stock plus what is on order is below the minimum. Answer {"orders": {"<article>": <quantity>}}.',
    input: {
      articles: [
        { article: 'A', stock: 12, onOrder: 0, minimum: 20, target: 60 },
        { article: 'B', stock: 5, onOrder: 30, minimum: 20, target: 60 },
        { article: 'C', stock: 0, onOrder: 10, minimum: 15, target: 40 },
      ],
    },
    grader: {
      kind: 'cel',
      condition:
        'args.answer.orders.A == 48 && args.answer.orders.C == 30 && (!("B" in args.answer.orders) || args.answer.orders.B == 0)',
    },
    weight: 2,
  },
  {
    id: 'operations.stock-count',
    version: 1,
    topic: 'inventory',
    capability: 'inventory_management',
    task: 'The count differs from the books. Differences above 5 percent of the books go to a person. Answer {"correct": [articles], "escalate": [articles]}.',
    input: {
      counts: [
        { article: 'A', books: 100, counted: 97 },
        { article: 'B', books: 40, counted: 31 },
        { article: 'C', books: 200, counted: 200 },
      ],
    },
    grader: { kind: 'exact', expected: { correct: ['A'], escalate: ['B'] } },
    weight: 1,
  },
  {
    id: 'operations.route',
    version: 1,
    topic: 'logistics',
    capability: 'logistics',
    task: 'Choose the cheapest carrier that arrives in time and takes the weight. Answer {"carrier": <name or null>}.',
    input: {
      parcel: { kilograms: 18, needed: '2026-06-03' },
      carriers: [
        { name: 'Falke', cents: 900, mostKilograms: 15, arrives: '2026-06-02' },
        { name: 'Dohle', cents: 1_400, mostKilograms: 30, arrives: '2026-06-03' },
        { name: 'Kranich', cents: 1_100, mostKilograms: 30, arrives: '2026-06-04' },
        { name: 'Star', cents: 2_300, mostKilograms: 50, arrives: '2026-06-01' },
      ],
    },
    grader: { kind: 'exact', expected: { carrier: 'Dohle' } },
    weight: 1,
  },
  {
    id: 'operations.bottleneck',
    version: 1,
    topic: 'process optimization',
    capability: 'process_automation',
    task: 'Name the step that limits the process, and what it lets through in an hour: {"step": <name>, "perHour": <number>}.',
    input: {
      steps: [
        { name: 'receive', workers: 2, minutesEach: 4 },
        { name: 'check', workers: 1, minutesEach: 5 },
        { name: 'pack', workers: 3, minutesEach: 12 },
      ],
    },
    grader: { kind: 'exact', expected: { step: 'check', perHour: 12 } },
    weight: 2,
  },
  {
    id: 'operations.schedule',
    version: 1,
    topic: 'scheduling',
    capability: 'process_automation',
    task: 'Order the jobs so that each comes after what it needs; where several could come, by name. Answer {"order": [names]}.',
    input: {
      jobs: [
        { name: 'report', needs: ['import', 'check'] },
        { name: 'import', needs: [] },
        { name: 'archive', needs: ['report'] },
        { name: 'check', needs: ['import'] },
      ],
    },
    grader: { kind: 'exact', expected: { order: ['import', 'check', 'report', 'archive'] } },
    weight: 1,
  },
]
