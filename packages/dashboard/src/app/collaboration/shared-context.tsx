import { type JsonObject, visibleText } from '@preceptor/client'
import type { Collaboration, CollaborationContext } from '@preceptor/orchestration/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { personText } from '../data/format.ts'
import { isObject } from '../data/is-object.ts'
import { usePowers } from '../data/roles.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { readJson } from '../workflows/json-text.ts'
import { useOrchestration } from '../workflows/use-orchestration.ts'
import { COLLABORATION } from './collaboration-messages.ts'

/** What the members share, version by version. */
export function SharedContext({ session }: { readonly session: Collaboration }): ReactNode {
  const t = useText(COLLABORATION)
  const { collaborations } = useOrchestration()
  const { supervises } = usePowers()
  const { id, contextVersion, endedAt } = session
  const [asked, setAsked] = useState<number>()
  const [editing, setEditing] = useState<CollaborationContext>()
  const version = asked ?? contextVersion
  const query = useQuery({
    queryKey: ['collaboration', id, 'context', version],
    queryFn: () => collaborations.context(id, { version }),
  })
  const { data } = query
  const mayEdit = supervises && endedAt === null && data?.version === contextVersion
  const versions = Array.from({ length: contextVersion }, (_, index) => contextVersion - index)
  return (
    <Panel
      title={t('context')}
      actions={mayEdit ? <Button onClick={() => setEditing(data)}>{t('change')}</Button> : undefined}
    >
      <SelectField
        label={t('version')}
        isLabelHidden
        value={String(version)}
        options={versions.map((number) => [String(number), t('versionNumber', { version: number })] as const)}
        onChange={(number) => setAsked(Number(number) === contextVersion ? undefined : Number(number))}
      />
      <Reading query={query}>
        {({ value, author, createdAt }) => (
          <>
            <JsonView value={value} />
            <p className="muted small">
              {t.rich('madeAgo', { ago: <RelativeTime at={createdAt} />, by: visibleText(personText(author)) })}
            </p>
          </>
        )}
      </Reading>
      {editing === undefined ? null : <ContextDialog id={id} context={editing} onClose={() => setEditing(undefined)} />}
    </Panel>
  )
}

interface ContextDialogProps {
  readonly id: string
  readonly context: CollaborationContext
  readonly onClose: () => void
}

function ContextDialog({ id, context, onClose }: ContextDialogProps): ReactNode {
  const t = useText(COLLABORATION)
  const { collaborations } = useOrchestration()
  const client = useQueryClient()
  const [text, setText] = useState(() => JSON.stringify(context.value, null, 2))
  const { value, problem } = readJson(text)
  const given = isObject(value) ? value : undefined
  const act = useAct({
    does: (next: JsonObject) => collaborations.putContext(id, { base: context.version, value: next }),
    says: ({ version }) => t('contextSaid', { version }),
    onDone: () => {
      void client.invalidateQueries({ queryKey: ['collaboration', id] })
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('contextTitle', { version: context.version + 1 })}
      confirm={{ label: t('change') }}
      isReady={given !== undefined}
      isBusy={act.isBusy}
      error={act.error}
      onConfirm={() => given !== undefined && act.run(given)}
      onClose={onClose}
    >
      <TextField
        label={t('context')}
        value={text}
        onChange={setText}
        rows={8}
        isCode
        problem={problem ?? (given === undefined ? t('contextObject') : undefined)}
      />
    </AskDialog>
  )
}
