import type { DefinitionProblem } from '@preceptor/orchestration/client'
import type { ReactNode } from 'react'
import { useText } from '../../text/use-text.ts'
import { AgentText } from '../../ui/agent-text.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { EDITOR } from './editor-messages.ts'
import type { Check } from './use-check.ts'

interface CheckedProps {
  readonly check: Check
  /** What of it is told by now. */
  readonly shown: readonly DefinitionProblem[]
}

/** Whether what is edited can be saved, and what is wrong with it. */
export function Checked({ check: { isChecking, problems, error }, shown }: CheckedProps): ReactNode {
  const t = useText(EDITOR)
  if (error !== null) return <ProblemNote error={error} />
  if (problems.length === 0) {
    return (
      <p role="status" className={isChecking ? 'muted' : 'good'}>
        {t(isChecking ? 'checking' : 'valid')}
      </p>
    )
  }
  const untold = problems.length - shown.length
  return (
    <>
      {shown.length === 0 ? null : <Problems problems={shown} />}
      {untold === 0 ? null : (
        <p role="status" className="muted">
          {t('notYet', { count: untold })}
        </p>
      )}
    </>
  )
}

function Problems({ problems }: { readonly problems: readonly DefinitionProblem[] }): ReactNode {
  const t = useText(EDITOR)
  return (
    <section className="note note-bad" aria-label={t('problemsTitle')} tabIndex={-1}>
      <p role="status">
        <strong>{t('problemsTitle')}</strong> {t('problemCount', { count: problems.length })}
      </p>
      <ul>
        {problems.map(({ path, code, message }) => (
          <li key={`${path} ${code} ${message}`}>
            <code>
              <AgentText text={path} />
            </code>{' '}
            <AgentText text={message} />
          </li>
        ))}
      </ul>
    </section>
  )
}
