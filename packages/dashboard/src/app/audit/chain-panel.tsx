import { type JournalVerification, visibleText } from '@preceptor/client'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { timeText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Panel } from '../ui/page.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { AUDIT } from './audit-messages.ts'
import type { AuditSearch } from './audit-search.ts'
import { ExportDialog } from './export-dialog.tsx'

/** Verifies the chain and says plainly what was found; exports it. */
export function ChainPanel({ search }: { readonly search: AuditSearch }): ReactNode {
  const t = useText(AUDIT)
  const { scope, isOffline } = useSignedIn()
  const [isExporting, setExporting] = useState(false)
  const verified = useMutation({ networkMode: 'always', mutationFn: () => scope.journal.verify() })
  return (
    <Panel
      title={t('chain')}
      className="stack"
      actions={
        <div className="line">
          <Button disabled={verified.isPending || isOffline} onClick={() => verified.mutate()}>
            {t(verified.isPending ? 'verifying' : 'verify')}
          </Button>
          <Button onClick={() => setExporting(true)}>{t('export')}</Button>
        </div>
      }
    >
      <div role="status" className="stack">
        {verified.data === undefined ? (
          <p className="muted">{t('chainIntro')}</p>
        ) : (
          <Verification found={verified.data} />
        )}
      </div>
      {verified.isError ? <ProblemNote error={verified.error} /> : null}
      {isExporting ? <ExportDialog search={search} onClose={() => setExporting(false)} /> : null}
    </Panel>
  )
}

function Verification({ found }: { readonly found: JournalVerification }): ReactNode {
  const t = useText(AUDIT)
  const { ok, checked, unsealed, head, anchor, problem } = found
  return (
    <>
      <p className={ok ? 'verdict good' : 'verdict bad'}>
        <span aria-hidden="true">{ok ? '✓' : '✗'}</span> {t(ok ? 'intact' : 'broken')}
      </p>
      {problem === null ? null : (
        <p className="note note-bad">
          {problem.sequence === null
            ? t('problemAnywhere', { what: visibleText(problem.what) })
            : t('problem', { sequence: problem.sequence, what: visibleText(problem.what) })}
        </p>
      )}
      <ul className="verdict-list">
        <li>{t('checked', { checked, sequence: head.sequence })}</li>
        <li>{t('tail', { unsealed })}</li>
        <li>
          {anchor === null
            ? t('noAnchor')
            : t('anchored', { checkpoints: anchor.checkpoints, sequence: anchor.sequence })}{' '}
          {anchor?.takenAt == null ? null : t('anchoredAt', { time: timeText(anchor.takenAt) })}{' '}
          {anchor === null ? null : t('beyond', { rows: Math.max(head.sequence - anchor.sequence, 0) })}
        </li>
        <li>
          {t('head')}: <code>{head.hash}</code>
        </li>
      </ul>
    </>
  )
}
