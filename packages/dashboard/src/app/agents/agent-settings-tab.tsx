import { type Agent, type AgentChange, visibleText } from '@preceptor/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Panel } from '../ui/page.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Reading } from '../ui/reading.tsx'
import { TextField } from '../ui/text-field.tsx'
import { changeOf, formOf } from './agent-change.ts'
import { AGENT } from './agent-messages.ts'
import { agentQuery } from './agent-queries.ts'
import { AGENTS } from './agents-messages.ts'

const route = getRouteApi('/agents/$agentId')

/** What is written of the agent, and who answers for it. */
export function AgentSettingsTab(): ReactNode {
  const { agentId } = route.useParams()
  const { scope } = useSignedIn()
  const { administers } = usePowers()
  const query = useQuery(agentQuery(scope, agentId))
  return (
    <Reading query={query}>
      {(agent) => (
        <div className="panels">
          {/* What somebody else saved meanwhile is what one goes on from. */}
          {administers ? <SettingsForm key={agent.updatedAt} agent={agent} /> : null}
          <Facts agent={agent} isReadOnly={!administers} />
        </div>
      )}
    </Reading>
  )
}

function SettingsForm({ agent }: { readonly agent: Agent }): ReactNode {
  const t = useText(AGENT)
  const names = useText(AGENTS)
  const { scope } = useSignedIn()
  const client = useQueryClient()
  const [form, setForm] = useState(() => formOf(agent))
  const change = changeOf(agent, form)
  const isChanged = Object.keys(change).length > 0
  const isReady = isChanged && form.displayName.trim() !== '' && form.ownerId.trim() !== ''
  const save = useAct<AgentChange, Agent>({
    does: (wanted) => scope.agents.change(agent.id, wanted),
    says: () => t('saved'),
    onDone: (changed) => client.setQueryData(['agent', agent.id], changed),
  })
  const set = (part: Partial<typeof form>): void => setForm({ ...form, ...part })
  return (
    <Panel title={t('settingsTitle')}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) save.run(change)
        }}
      >
        <TextField
          label={names('displayName')}
          value={form.displayName}
          onChange={(displayName) => set({ displayName })}
          problem={form.displayName.trim() === '' ? t('nameNeeded') : undefined}
        />
        <TextField label={names('category')} value={form.category} onChange={(category) => set({ category })} />
        <TextField label={names('specialty')} value={form.specialty} onChange={(specialty) => set({ specialty })} />
        <TextField
          label={names('ownerId')}
          hint={names('ownerHint')}
          value={form.ownerId}
          onChange={(ownerId) => set({ ownerId })}
        />
        <TextField
          label={t('capabilitiesField')}
          hint={t('capabilitiesHint')}
          rows={4}
          isCode
          value={form.capabilities}
          onChange={(capabilities) => set({ capabilities })}
        />
        {change.ownerId === undefined ? null : (
          <p className="note note-warn">{t('ownerChange', { from: agent.ownerId, to: change.ownerId })}</p>
        )}
        {save.error === null ? null : <ProblemNote error={save.error} />}
        <div className="line">
          <Button type="submit" kind="primary" aria-disabled={!isReady || save.isBusy}>
            {t('save')}
          </Button>
          {isChanged ? null : <span className="muted small">{t('unchanged')}</span>}
        </div>
      </form>
    </Panel>
  )
}

function Facts({ agent, isReadOnly }: { readonly agent: Agent; readonly isReadOnly: boolean }): ReactNode {
  const t = useText(AGENT)
  const names = useText(AGENTS)
  const { id, displayName, category, specialty, ownerId, capabilities, epoch, createdAt, fingerprint } = agent
  return (
    <Panel title={t('facts')}>
      {isReadOnly ? <p className="muted">{t('settingsReadOnly')}</p> : null}
      <dl className="facts">
        <dt>{names('id')}</dt>
        <dd>
          <code>{id}</code>
        </dd>
        {isReadOnly ? (
          <>
            <dt>{names('displayName')}</dt>
            <dd>{visibleText(displayName)}</dd>
            <dt>{names('category')}</dt>
            <dd>{visibleText(category ?? '–')}</dd>
            <dt>{names('specialty')}</dt>
            <dd>{visibleText(specialty ?? '–')}</dd>
            <dt>{names('ownerId')}</dt>
            <dd>{visibleText(ownerId)}</dd>
            <dt>{t('capabilitiesField')}</dt>
            <dd>{visibleText(capabilities.join(', ') || '–')}</dd>
          </>
        ) : null}
        <dt>{t('createdAt')}</dt>
        <dd>{timeText(createdAt)}</dd>
        <dt>{t('epoch')}</dt>
        <dd>
          {epoch} <span className="muted small">{t('epochHint')}</span>
        </dd>
      </dl>
      <p className="field-label">{t('fingerprint')}</p>
      {Object.keys(fingerprint ?? {}).length === 0 ? (
        <p className="muted">{t('fingerprintNone')}</p>
      ) : (
        <JsonView value={JSON.parse(JSON.stringify(fingerprint))} />
      )}
    </Panel>
  )
}
