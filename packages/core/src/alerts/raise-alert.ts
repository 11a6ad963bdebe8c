import type { AlertCode } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { severityOf } from './alert-catalogue.ts'
import { clearOpenAlert, insertAlert } from './alert-store.ts'

/** What an alert is about. */
export interface AlertSubject {
  readonly code: AlertCode
  readonly subject: string
}

type AlertContext = Pick<GovernorContext, 'clock' | 'ids' | 'journal'>

/** Raises an alert with its journal row, unless the same is open or muted; gives whether it did. */
export async function raiseAlert(
  context: AlertContext,
  tx: Tx,
  about: AlertSubject & { readonly agent: string | null; readonly message: string },
): Promise<boolean> {
  const { code, subject, agent, message } = about
  const id = context.ids.next('alr')
  if (!(await insertAlert(tx, { ...about, id, at: isoTime(context.clock.now()) }))) return false
  await context.journal.append(tx, {
    kind: 'alert.raised',
    subject: id,
    ...(agent === null ? {} : { agent }),
    body: { actor: 'system:jobs', code, severity: severityOf(code), about: subject, message },
  })
  return true
}

/** Clears the open alert about a subject with its journal row, if there is one; gives whether there was. */
export async function clearAlert(context: AlertContext, tx: Tx, { code, subject }: AlertSubject): Promise<boolean> {
  const alert = await clearOpenAlert(tx, { code, subject, at: isoTime(context.clock.now()) })
  if (alert === undefined) return false
  await context.journal.append(tx, {
    kind: 'alert.cleared',
    subject: alert.id,
    ...(alert.agent === null ? {} : { agent: alert.agent }),
    body: { actor: 'system:jobs', code, severity: alert.severity, about: subject },
  })
  return true
}
