import '../styles/grant.css'
import { type GrantMatcher, type Proposal, visibleJson, visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { timeText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { type ArgRule, draftOf, type GrantDraft, matcherOf, rulesFor } from './grant-draft.ts'
import { GRANT } from './grant-messages.ts'

const HOUR = 3_600_000
const MOST_USES = 1_000

interface GrantDialogProps {
  readonly proposal: Proposal
  readonly onClose: () => void
}

/** Allows calls like this one ahead of time: which, how often, until when, and how many of the last would have fitted. */
export function GrantDialog({ proposal, onClose }: GrantDialogProps): ReactNode {
  const t = useText(GRANT)
  const { scope, clockOffset } = useSignedIn()
  const [draft, setDraft] = useState(() => draftOf(proposal))
  const [uses, setUses] = useState('10')
  const [span, setSpan] = useState(24 * HOUR)
  const { agent, action, digest } = proposal
  const matcher = matcherOf(proposal, draft)
  const count = /^\d{1,4}$/.test(uses.trim()) ? Number(uses) : 0
  const until = new Date(Date.now() + clockOffset + span).toISOString()
  const create = useAct({
    does: (reason: string) =>
      scope.grants.create({
        agent,
        action,
        digest,
        matcher: matcher ?? { args: {} },
        uses: count,
        expiresAt: until,
        reason,
      }),
    says: () => t('done'),
    onDone: onClose,
  })
  return (
    <AskDialog
      title={t('title')}
      description={t.rich('description', {
        action,
        agent,
        uses: count,
        until: timeText(until),
        b: (parts) => <strong>{parts}</strong>,
      })}
      confirm={{ label: t('create') }}
      asksReason
      isReady={matcher !== undefined && count >= 1 && count <= MOST_USES}
      isBusy={create.isBusy}
      error={create.error}
      onConfirm={create.run}
      onClose={onClose}
    >
      <Rules proposal={proposal} draft={draft} onChange={setDraft} />
      <TextField label={t('uses')} value={uses} onChange={setUses} inputMode="numeric" isRequired />
      <ChoiceChips
        legend={t('ends')}
        value={span}
        onChange={setSpan}
        options={[
          [HOUR, t('hour')],
          [8 * HOUR, t('shift')],
          [24 * HOUR, t('day')],
          [7 * 24 * HOUR, t('week')],
        ]}
      />
      {matcher === undefined ? null : <Preview proposal={proposal} matcher={matcher} />}
    </AskDialog>
  )
}

interface RulesProps {
  readonly proposal: Proposal
  readonly draft: GrantDraft
  readonly onChange: (draft: GrantDraft) => void
}

function Rules({ proposal: { args }, draft, onChange }: RulesProps): ReactNode {
  const t = useText(GRANT)
  const names = Object.keys(args)
  if (names.length === 0) return <p className="muted">{t('noArgs')}</p>
  const textOfRule = (name: string, rule: ArgRule): string =>
    rule === 'same' ? t('same', { value: visibleJson(args[name] ?? null) }) : t(rule)
  return names.map((name) => {
    const rule = draft.rules[name] ?? 'same'
    const isBound = rule === 'atMost' || rule === 'atLeast'
    return (
      <div key={name} className="grant-rule">
        <SelectField
          label={visibleText(name)}
          value={rule}
          options={rulesFor(args[name]).map((one) => [one, textOfRule(name, one)] as const)}
          onChange={(chosen) => onChange({ ...draft, rules: { ...draft.rules, [name]: chosen } })}
        />
        {isBound ? (
          <TextField
            label={t('bound', { rule: t(rule), name: visibleText(name) })}
            value={draft.bounds[name] ?? ''}
            inputMode="decimal"
            onChange={(typed) => onChange({ ...draft, bounds: { ...draft.bounds, [name]: typed } })}
          />
        ) : null}
      </div>
    )
  })
}

function Preview({ proposal, matcher }: { readonly proposal: Proposal; readonly matcher: GrantMatcher }): ReactNode {
  const t = useText(GRANT)
  const { scope } = useSignedIn()
  const { agent, action } = proposal
  const preview = useQuery({
    queryKey: ['grants', 'preview', agent, action, JSON.stringify(matcher)],
    queryFn: () => scope.grants.preview({ agent, action, matcher }),
    retry: false,
  })
  if (preview.isError) return <ProblemNote error={preview.error} />
  return (
    <p role="status" className="muted">
      {preview.data === undefined
        ? t('previewWait')
        : t('preview', { matched: preview.data.matched, of: preview.data.of })}
    </p>
  )
}
