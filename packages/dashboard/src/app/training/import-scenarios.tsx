import { type Scenario, visibleText } from '@preceptor/client'
import { type ReactNode, useId, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { type Text, useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useRefresh } from './course-acts.tsx'
import { parseScenarioFile, type ScenarioProblem } from './parse-scenario-file.ts'
import { TRAINING } from './training-messages.ts'

/** Imports scenarios as JSON; whatever is wrong with them is said with its place before anything is sent. */
export function ImportScenarios({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useText(TRAINING)
  const { scope } = useSignedIn()
  const refresh = useRefresh()
  const fileId = useId()
  const [text, setText] = useState('')
  const file = text.trim() === '' ? null : parseScenarioFile(text)
  const bring = useAct<readonly Scenario[], { readonly imported: number }>({
    does: (scenarios) => scope.scenarios.import(scenarios),
    says: ({ imported }) => t('imported', { count: imported }),
    onDone: () => {
      refresh()
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('import')}
      description={t('importText')}
      confirm={{ label: t('importDo') }}
      isReady={file?.kind === 'scenarios' && file.scenarios.length > 0}
      isBusy={bring.isBusy}
      error={bring.error}
      onConfirm={() => file?.kind === 'scenarios' && bring.run(file.scenarios)}
      onClose={onClose}
    >
      <div className="field">
        <label className="field-label" htmlFor={fileId}>
          {t('importFile')}
        </label>
        <input
          id={fileId}
          type="file"
          accept="application/json,.json"
          onChange={(event) => void event.target.files?.[0]?.text().then(setText)}
        />
      </div>
      <TextField label={t('importJson')} rows={8} isCode value={text} onChange={setText} />
      <div role="status">
        {file === null ? null : file.kind === 'scenarios' ? (
          <p className="good">✓ {t('importReady', { count: file.scenarios.length })}</p>
        ) : (
          <Problems problems={file.problems} />
        )}
      </div>
    </AskDialog>
  )
}

const MOST_SHOWN = 50

function Problems({ problems }: { readonly problems: readonly ScenarioProblem[] }): ReactNode {
  const t = useText(TRAINING)
  return (
    <div className="note note-bad">
      <p>
        <strong>{t('problemsTitle', { count: problems.length })}</strong>
      </p>
      <ul className="bullets">
        {problems.slice(0, MOST_SHOWN).map((problem) => (
          <li key={`${JSON.stringify(problem.where)} ${problem.code}`}>
            <code>{whereText(t, problem)}</code> {t(`problem_${problem.code}`, { detail: visibleText(problem.detail) })}
          </li>
        ))}
      </ul>
    </div>
  )
}

function whereText(t: Text<keyof (typeof TRAINING)['english']>, { where }: ScenarioProblem): string {
  if ('line' in where) return t('problemLine', { line: where.line, column: where.column })
  return where.path === '' ? t('problemWhole') : visibleText(where.path)
}
