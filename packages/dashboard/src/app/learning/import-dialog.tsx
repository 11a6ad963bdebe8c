import type { ExampleImport } from '@preceptor/learning/client'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { TextField } from '../ui/text-field.tsx'
import { LEARNING } from './learning-messages.ts'
import { useLearning } from './use-learning.ts'

/** Takes examples as lines of JSON; what was refused is said line by line. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useText(LEARNING)
  const { examples } = useLearning()
  const client = useQueryClient()
  const [lines, setLines] = useState('')
  const [done, setDone] = useState<ExampleImport>()
  const act = useAct({
    does: () => examples.import(lines),
    says: ({ added }: ExampleImport) => t('importedSaid', { added }),
    onDone: (answer) => {
      void client.invalidateQueries({ queryKey: ['learning'] })
      if (answer.refused.length === 0) onClose()
      else setDone(answer)
    },
  })
  return (
    <AskDialog
      title={t('import')}
      description={t('importWhat')}
      confirm={{ label: t('import') }}
      isReady={lines.trim() !== ''}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() => act.run()}
      onClose={onClose}
    >
      <TextField label={t('lines')} value={lines} onChange={setLines} rows={8} isCode isRequired />
      <label className="field">
        <span className="field-label">{t('file')}</span>
        <input
          type="file"
          accept=".jsonl,.ndjson,.json,.txt"
          onChange={(event) => void event.target.files?.[0]?.text().then(setLines)}
        />
      </label>
      {done === undefined ? null : (
        <div className="note note-warn" role="status">
          <p>{t('importResult', { added: done.added, duplicates: done.duplicates, refused: done.refused.length })}</p>
          <ul>
            {done.refused.map(({ line, message }) => (
              <li key={line}>
                {t('lineNumber', { line })} <AgentText text={message} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </AskDialog>
  )
}
