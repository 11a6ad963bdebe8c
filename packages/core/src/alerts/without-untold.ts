import type { JournalEntry } from '@preceptor/client'
import type { Tx } from '../database/transaction.ts'
import { isAlertCode, isTold, severityOf } from './alert-catalogue.ts'
import { listAudiences } from './rule-store.ts'

/**
 * Leaves out those who want to know of alerts only from a higher severity on. Of an alert that was cleared is told who was
 * told that it was raised; of everything else, whoever subscribed to it.
 */
export async function withoutUntold<Receiver extends { readonly target: string }>(
  tx: Tx,
  { kind, body }: Pick<JournalEntry, 'kind' | 'body'>,
  receivers: readonly Receiver[],
): Promise<readonly Receiver[]> {
  const { code } = body
  const isAboutAlert = kind === 'alert.raised' || kind === 'alert.cleared'
  if (!isAboutAlert || receivers.length === 0 || typeof code !== 'string') return receivers
  const from = new Map((await listAudiences(tx)).map((audience) => [audience.target, audience.from]))
  // One that this release does not know is kept from nobody.
  const severity = isAlertCode(code) ? severityOf(code) : 'critical'
  return receivers.filter(({ target }) => isTold(severity, from.get(target) ?? 'info'))
}
