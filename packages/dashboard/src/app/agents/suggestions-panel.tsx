import { type Grant, type GrantRequest, type Suggestion, visibleText } from '@preceptor/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Panel } from '../ui/page.tsx'
import { AGENT } from './agent-messages.ts'
import { agentQuery } from './agent-queries.ts'
import { PromoteDialog } from './promote-dialog.tsx'

/** What its record suggests to whoever approves for it: fewer questions. Nothing where it suggests nothing. */
export function SuggestionsPanel({ agentId }: { readonly agentId: string }): ReactNode {
  const t = useText(AGENT)
  const { scope } = useSignedIn()
  const { data } = useQuery({
    queryKey: ['agent', agentId, 'suggestions'],
    queryFn: () => scope.agents.suggestions(agentId),
  })
  if (data === undefined || data.items.length === 0) return null
  return (
    <Panel title={t('suggestionsTitle')}>
      <ul className="stack">
        {data.items.map((suggestion) => (
          <Suggested key={`${suggestion.kind} ${suggestion.action}`} agentId={agentId} suggestion={suggestion} />
        ))}
      </ul>
    </Panel>
  )
}

interface SuggestedProps {
  readonly agentId: string
  readonly suggestion: Suggestion
}

function Suggested({ agentId, suggestion }: SuggestedProps): ReactNode {
  const t = useText(AGENT)
  const { scope } = useSignedIn()
  const { supervises, administers } = usePowers()
  const [isOpen, setOpen] = useState(false)
  const { data: agent } = useQuery(agentQuery(scope, agentId))
  const { kind, text, approvedUnchanged, decided, since, grant } = suggestion
  const close = (): void => setOpen(false)
  const isOffered = kind === 'grant' ? supervises && grant !== undefined : administers
  return (
    <li className="suggestion">
      <p>{visibleText(text)}</p>
      <p className="muted small">
        {t('suggestionEvidence', { approved: approvedUnchanged, decided, since: timeText(since) })}
      </p>
      {isOffered ? (
        <Button onClick={() => setOpen(true)}>{t(kind === 'grant' ? 'suggestGrant' : 'suggestPromote')}</Button>
      ) : null}
      {isOpen && kind === 'grant' && grant !== undefined ? <GrantDialog grant={grant} onClose={close} /> : null}
      {isOpen && kind === 'promotion' && agent !== undefined ? <PromoteDialog agent={agent} onClose={close} /> : null}
    </li>
  )
}

function GrantDialog({ grant, onClose }: { readonly grant: GrantRequest; readonly onClose: () => void }): ReactNode {
  const t = useText(AGENT)
  const { scope } = useSignedIn()
  const client = useQueryClient()
  const give = useAct<string, Grant>({
    does: (reason) => scope.grants.create({ ...grant, reason }),
    says: ({ action }) => t('granted', { action }),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['agent', grant.agent] })
      onClose()
    },
  })
  const { args, resource } = grant.matcher
  return (
    <AskDialog
      title={t('grantTitle', { action: grant.action })}
      description={t('grantText', { uses: grant.uses, until: timeText(grant.expiresAt) })}
      confirm={{ label: t('suggestGrant') }}
      asksReason
      isBusy={give.isBusy}
      error={give.error}
      onConfirm={give.run}
      onClose={onClose}
    >
      <JsonView value={JSON.parse(JSON.stringify({ args, resource: resource ?? null }))} />
    </AskDialog>
  )
}
