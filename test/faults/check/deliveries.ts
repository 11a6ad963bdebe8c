import type { History } from '../history.ts'
import { SUBSCRIBED } from '../workload.ts'
import type { Findings } from './verdict.ts'

const KINDS: ReadonlySet<string> = new Set(SUBSCRIBED)

/** Whoever subscribed is told of everything that was committed, at least once, and of nothing else. */
export function checkDeliveries({ journal, deliveries, received }: History, findings: Findings): void {
  const got = new Set(received)
  const byEvent = new Map(deliveries.map((delivery) => [delivery.event, delivery]))
  if (byEvent.size !== deliveries.length) {
    findings.violate('delivered-twice', 'A row of the journal has two deliveries.', { deliveries })
  }
  for (const row of journal) {
    if (!KINDS.has(row.kind) || row.workspace === '*') continue
    const delivery = byEvent.get(row.id)
    if (delivery === undefined) findings.violate('not-delivered', 'Whoever subscribed was not told of it.', row)
  }
  const rows = new Set(journal.map(({ id }) => id))
  for (const delivery of deliveries) {
    if (!rows.has(delivery.event)) findings.violate('not-delivered', 'What was told of did not happen.', delivery)
    if (delivery.state !== 'delivered' || !got.has(delivery.id)) {
      findings.violate('not-delivered', `A delivery is ${delivery.state} and came ${got.has(delivery.id)}.`, delivery)
    }
  }
}
