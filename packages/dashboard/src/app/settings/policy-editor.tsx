import type { JsonObject, PolicyVersion } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useId, useRef, useState } from 'react'
import { ChangeList } from '../card/change-list.tsx'
import { argChanges } from '../data/arg-changes.ts'
import { problemOf } from '../data/problem.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { Panel } from '../ui/page.tsx'
import { UnsavedEdits } from '../ui/unsaved-edits.tsx'
import { PolicyConflict } from './policy-conflict.tsx'
import { POLICY } from './policy-messages.ts'
import { PolicySimulationPanel } from './policy-simulation-panel.tsx'
import { type DraftProblem, type PolicyDraft, refusalsOf, textOfPolicy, usePolicyDraft } from './use-policy-draft.ts'

/** Edits the policy as text, from the version that was in force when it began. */
export function PolicyEditor({ present }: { readonly present: PolicyVersion }): ReactNode {
  const t = useText(POLICY)
  const navigate = useNavigate()
  const [base, setBase] = useState(present)
  const draft = usePolicyDraft(base)
  const isOvertaken = present.version !== base.version
  const isChanged = draft.document === null || argChanges(base.document, draft.document).length > 0
  // Saved, or given up by the button that says so: nobody is asked.
  const leave = (): void =>
    void navigate({ to: '/settings/$section', params: { section: 'policies' }, search: {}, ignoreBlocker: true })
  return (
    <>
      <UnsavedEdits areThere={isChanged} />
      {isOvertaken ? (
        <PolicyConflict
          base={base}
          present={present}
          onGoOn={() => setBase(present)}
          onTake={() => {
            setBase(present)
            draft.setText(textOfPolicy(present.document))
          }}
        />
      ) : null}
      <Panel title={t('editing', { version: base.version })}>
        <DraftText draft={draft} />
        <Changes base={base} document={draft.document} />
        <div className="line">
          <SaveButton base={base} draft={draft} isOvertaken={isOvertaken} onSaved={leave} />
          <Button
            disabled={draft.document === null}
            onClick={() => draft.document !== null && draft.setText(textOfPolicy(draft.document))}
          >
            {t('format')}
          </Button>
          <Button kind="quiet" onClick={leave}>
            {t('discard')}
          </Button>
        </div>
      </Panel>
      <PolicySimulationPanel document={draft.document} onRefused={draft.refuse} />
    </>
  )
}

function DraftText({ draft }: { readonly draft: PolicyDraft }): ReactNode {
  const t = useText(POLICY)
  const id = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const { problems } = draft
  const goTo = (at: number): void => {
    field.current?.focus()
    field.current?.setSelectionRange(at, at)
  }
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {t('document')}
      </label>
      <p id={`${id}-hint`} className="muted small">
        {t('documentHint')}
      </p>
      <textarea
        ref={field}
        id={id}
        className="code-input policy-text"
        rows={Math.min(Math.max(draft.text.split('\n').length + 1, 12), 36)}
        spellCheck={false}
        value={draft.text}
        aria-invalid={problems.length > 0}
        aria-describedby={`${id}-hint ${id}-problems`}
        onChange={(event) => draft.setText(event.target.value)}
      />
      <ul id={`${id}-problems`} className="policy-problems" role="status">
        {problems.map((problem) => (
          <li key={`${problem.at}-${problem.said ?? problem.fault}`}>
            <ProblemLine problem={problem} onGo={() => goTo(problem.at)} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function ProblemLine({ problem, onGo }: { readonly problem: DraftProblem; readonly onGo: () => void }): ReactNode {
  const t = useText(POLICY)
  const { line, column, said, fault } = problem
  return (
    <span className="field-problem line">
      <span>{t('atPlace', { line, column, what: said ?? t(`fault_${fault ?? 'value'}`) })}</span>
      <Button kind="quiet" onClick={onGo}>
        {t('goThere', { line })}
      </Button>
    </span>
  )
}

interface ChangesProps {
  readonly base: PolicyVersion
  readonly document: JsonObject | null
}

function Changes({ base, document }: ChangesProps): ReactNode {
  const t = useText(POLICY)
  if (document === null) return null
  const changes = argChanges(base.document, document)
  return (
    <section aria-label={t('difference')}>
      <h3 className="panel-title">{t('difference')}</h3>
      {changes.length === 0 ? (
        <p className="muted">{t('unchanged', { version: base.version })}</p>
      ) : (
        <ChangeList changes={changes} />
      )}
    </section>
  )
}

interface SaveButtonProps {
  readonly base: PolicyVersion
  readonly draft: PolicyDraft
  readonly isOvertaken: boolean
  readonly onSaved: () => void
}

function SaveButton({ base, draft, isOvertaken, onSaved }: SaveButtonProps): ReactNode {
  const t = useText(POLICY)
  const { scope, isOffline } = useSignedIn()
  const client = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const { document } = draft
  const changes = document === null ? [] : argChanges(base.document, document)
  const version = base.version + 1
  const save = useAct<string, PolicyVersion>({
    does: async (reason) => {
      try {
        return await scope.policies.put(document ?? {}, { basedOn: base.version, reason })
      } catch (error) {
        draft.refuse(error)
        // What stands now is shown beside the text, whose writer goes on from there.
        const isOurs = problemOf(error).isConflict || refusalsOf(error).length > 0
        if (isOurs) setOpen(false)
        if (problemOf(error).isConflict) await client.invalidateQueries({ queryKey: ['policies', 'current'] })
        throw error
      }
    },
    says: (saved) => t('saved', { version: saved.version }),
    onDone: (saved) => {
      client.setQueryData(['policies', 'current'], saved)
      void client.invalidateQueries({ queryKey: ['policies', 'list'] })
      onSaved()
    },
  })
  return (
    <>
      <Button
        kind="primary"
        disabled={changes.length === 0 || draft.problems.length > 0 || isOvertaken || isOffline}
        onClick={() => {
          save.reset()
          setOpen(true)
        }}
      >
        {t('save')}
      </Button>
      {isOpen ? (
        <AskDialog
          title={t('saveTitle', { version })}
          description={t('saveEffect')}
          confirm={{ label: t('saveNow', { version }) }}
          asksReason
          isBusy={save.isBusy}
          error={save.error}
          onConfirm={save.run}
          onClose={() => setOpen(false)}
        >
          <ChangeList changes={changes} />
        </AskDialog>
      ) : null}
    </>
  )
}
