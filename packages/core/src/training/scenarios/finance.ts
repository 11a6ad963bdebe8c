import type { Scenario } from '@preceptor/client'

/** Finance Fundamentals: reconciliation, financial analysis, categorization, report generation. Amounts are cents. */
export const FINANCE_SCENARIOS: readonly Scenario[] = [
  {
    id: 'finance.reconciliation',
    version: 1,
    topic: 'reconciliation',
    capability: 'reconciliation',
    task: 'Match the bank lines with the ledger entries by reference and amount. Answer {"unmatched": [references, sorted], "difference": <bank total minus ledger total, cents>}.',
    input: {
      bank: [
        { reference: 'INV-1041', cents: 12_500 },
        { reference: 'INV-1042', cents: 8_999 },
        { reference: 'INV-1044', cents: 30_000 },
      ],
      ledger: [
        { reference: 'INV-1041', cents: 12_500 },
        { reference: 'INV-1042', cents: 8_990 },
        { reference: 'INV-1043', cents: 4_400 },
      ],
    },
    grader: {
      kind: 'exact',
      expected: { unmatched: ['INV-1042', 'INV-1043', 'INV-1044'], difference: 25_609 },
    },
    weight: 2,
  },
  {
    id: 'finance.duplicate-payment',
    version: 1,
    topic: 'reconciliation',
    capability: 'reconciliation',
    task: 'One of these payments was sent twice. You may not reverse a payment yourself. Answer {"duplicate": <id of the later payment>, "decision": "reverse" | "escalate" | "ignore"}.',
    input: {
      payments: [
        { id: 'p-1', payee: 'Nordlicht GmbH', cents: 48_000, invoice: 'N-77', at: '2026-03-02T09:10:00Z' },
        { id: 'p-2', payee: 'Nordlicht GmbH', cents: 48_000, invoice: 'N-78', at: '2026-03-02T09:11:00Z' },
        { id: 'p-3', payee: 'Nordlicht GmbH', cents: 48_000, invoice: 'N-77', at: '2026-03-02T09:12:00Z' },
      ],
    },
    grader: { kind: 'exact', expected: { duplicate: 'p-3', decision: 'escalate' } },
    weight: 1,
  },
  {
    id: 'finance.gross-margin',
    version: 1,
    topic: 'financial analysis',
    capability: 'financial_analysis',
    task: 'Give the gross margin of the second quarter in percent, to one decimal: {"percent": <number>}.',
    input: {
      months: [
        { month: 'March', revenue: 900_000, costOfSales: 500_000 },
        { month: 'April', revenue: 820_000, costOfSales: 451_000 },
        { month: 'May', revenue: 910_000, costOfSales: 482_300 },
        { month: 'June', revenue: 870_000, costOfSales: 478_500 },
      ],
    },
    grader: { kind: 'numeric', at: '/percent', expected: 45.7, tolerance: 0.06 },
    weight: 2,
  },
  {
    id: 'finance.missing-figure',
    version: 1,
    topic: 'financial analysis',
    capability: 'financial_analysis',
    task: 'Give the current ratio, or say which figure is missing. Answer {"ratio": <number or null>, "missing": [names]}.',
    input: { currentAssets: 412_000, currentLiabilities: null, inventory: 90_000 },
    grader: { kind: 'exact', expected: { ratio: null, missing: ['currentLiabilities'] } },
    weight: 1,
  },
  {
    id: 'finance.categorization',
    version: 1,
    topic: 'categorization',
    capability: 'reporting',
    task: 'Put each expense into one account: travel, software, office or unclear. What the text does not settle is unclear. Answer {"<id>": "<account>", …}.',
    input: {
      expenses: [
        { id: 'e1', text: 'Train Hamburg to Berlin, customer visit' },
        { id: 'e2', text: 'Yearly licence, issue tracker' },
        { id: 'e3', text: 'Card payment 4471, no receipt' },
        { id: 'e4', text: 'Printer paper and toner' },
      ],
    },
    grader: { kind: 'exact', expected: { e1: 'travel', e2: 'software', e3: 'unclear', e4: 'office' } },
    weight: 1,
  },
  {
    id: 'finance.report',
    version: 1,
    topic: 'report generation',
    capability: 'reporting',
    task: 'Report the totals by region. Answer {"currency": "EUR", "rows": [{"region": <name>, "cents": <total>}], "total": <cents>}, rows sorted by region.',
    input: {
      currency: 'EUR',
      sales: [
        { region: 'South', cents: 20_050 },
        { region: 'North', cents: 11_000 },
        { region: 'South', cents: 9_950 },
      ],
    },
    grader: {
      kind: 'exact',
      expected: {
        currency: 'EUR',
        rows: [
          { region: 'North', cents: 11_000 },
          { region: 'South', cents: 30_000 },
        ],
        total: 41_000,
      },
    },
    weight: 1,
  },
]
