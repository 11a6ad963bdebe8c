import { type ReactNode, useEffect, useRef, useState } from 'react'
import { saveText } from '../data/save-text.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { AUDIT } from './audit-messages.ts'
import type { AuditSearch } from './audit-search.ts'

type Format = 'jsonl' | 'csv'
const TYPES: Readonly<Record<Format, string>> = { jsonl: 'application/x-ndjson', csv: 'text/csv' }

interface ExportDialogProps {
  readonly search: AuditSearch
  readonly onClose: () => void
}

/** Exports the sealed rows as a download. */
export function ExportDialog({ search: { kind, agent }, onClose }: ExportDialogProps): ReactNode {
  const t = useText(AUDIT)
  const { scope, clockOffset } = useSignedIn()
  const [format, setFormat] = useState<Format>('jsonl')
  const [letters, setLetters] = useState(0)
  const ending = useRef<AbortController | null>(null)
  // Whoever closes the dialog wants no export any more.
  useEffect(() => () => ending.current?.abort(), [])
  const isNarrowed = kind !== undefined || agent !== undefined
  const act = useAct<string>({
    async does() {
      const controller = new AbortController()
      ending.current = controller
      const pieces = await scope.journal.export({
        format,
        signal: controller.signal,
        ...(kind === undefined ? {} : { kind }),
        ...(agent === undefined ? {} : { agent }),
      })
      const texts: string[] = []
      for await (const piece of pieces) {
        texts.push(piece)
        setLetters((known) => known + piece.length)
      }
      const day = new Date(Date.now() + clockOffset).toISOString().slice(0, 10)
      saveText(texts, { name: `journal-${day}.${format}`, type: TYPES[format] })
    },
    says: () => t('exported'),
    onDone: onClose,
  })
  return (
    <AskDialog
      title={t('exportTitle')}
      description={t('exportIntro')}
      confirm={{ label: t('export') }}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={act.run}
      onClose={onClose}
    >
      <ChoiceChips
        legend={t('export')}
        options={[
          ['jsonl', t('jsonl')],
          ['csv', t('csv')],
        ]}
        value={format}
        onChange={setFormat}
      />
      <p className="muted small">{t(isNarrowed ? 'narrowed' : 'whole')}</p>
      {act.isBusy ? (
        <p role="status" className="muted">
          {t('exporting', { size: `${Math.ceil(letters / 1_024)} kB` })}
        </p>
      ) : null}
    </AskDialog>
  )
}
