import type { JournalRow } from '../history.ts'

/** What a row of `decision.made` says. */
export interface DecisionRow {
  readonly row: JournalRow
  readonly id: string
  readonly route: string
  readonly action: string
  readonly risk: string | null
  readonly maturity: string | null
  readonly argsHash: string | null
  readonly code: string | null
  readonly key: string | null
  readonly lifecycle: string | null
  readonly epoch: number | null
  readonly blockedTrigger: string | null
  /** By the clock that the process followed. */
  readonly decidedAt: number
}

/** Whether it let its action run. */
export const allows = ({ route }: { readonly route: string | null }): boolean =>
  route === 'execution' || route === 'supervision'

/** Reads the decisions of a journal, in the order in which they were written. */
export function decisionRows(journal: readonly JournalRow[]): readonly DecisionRow[] {
  return journal.flatMap((row) => {
    const decision: unknown = row.kind === 'decision.made' ? row.body.decision : undefined
    if (typeof decision !== 'object' || decision === null) return []
    const text = (name: string): string | null => {
      const value: unknown = Reflect.get(decision, name)
      return typeof value === 'string' ? value : null
    }
    const blocked: unknown = Reflect.get(decision, 'blockedTrigger')
    const { idempotencyKey, lifecycle, epoch } = row.body
    return [
      {
        row,
        id: row.subject,
        route: text('route') ?? '',
        action: text('action') ?? '',
        risk: text('risk'),
        maturity: text('maturity'),
        argsHash: text('argsHash'),
        code: text('code'),
        key: typeof idempotencyKey === 'string' ? idempotencyKey : null,
        lifecycle: typeof lifecycle === 'string' ? lifecycle : null,
        epoch: typeof epoch === 'number' ? epoch : null,
        decidedAt: Date.parse(text('decidedAt') ?? ''),
        blockedTrigger: typeof blocked === 'object' && blocked !== null ? String(Reflect.get(blocked, 'id')) : null,
      },
    ]
  })
}
