import type { JsonObject } from '@preceptor/client'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Panel } from '../ui/page.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { POLICY } from './policy-messages.ts'
import { SimulationResult } from './simulation-result.tsx'
import { refusalsOf } from './use-policy-draft.ts'

const SPANS = ['1', '7', '30'] as const

interface PolicySimulationPanelProps {
  /** Null while the text is no document. */
  readonly document: JsonObject | null
  readonly onRefused: (error: unknown) => void
}

/** Tries a document on what was decided in the last days. */
export function PolicySimulationPanel({ document, onRefused }: PolicySimulationPanelProps): ReactNode {
  const t = useText(POLICY)
  const { scope, isOffline } = useSignedIn()
  const [days, setDays] = useState<(typeof SPANS)[number]>('7')
  const tried = useMutation({
    networkMode: 'always',
    mutationFn: (given: JsonObject) => scope.policies.simulate(given, { days: Number(days) }),
    onError: onRefused,
  })
  const isStale = tried.data !== undefined && tried.variables !== document
  return (
    <Panel title={t('simulate')} className="stack">
      <p className="muted">{t('simulateIntro')}</p>
      <form
        className="line"
        onSubmit={(event) => {
          event.preventDefault()
          if (document !== null && !tried.isPending) tried.mutate(document)
        }}
      >
        <SelectField
          label={t('days')}
          value={days}
          options={SPANS.map((span) => [span, t('dayCount', { days: Number(span) })] as const)}
          onChange={setDays}
        />
        <Button type="submit" disabled={document === null || isOffline} className="end">
          {t(tried.isPending ? 'running' : 'run')}
        </Button>
      </form>
      <div role="status">{isStale ? <p className="muted">{t('stale')}</p> : null}</div>
      {tried.isError && refusalsOf(tried.error).length === 0 ? <ProblemNote error={tried.error} /> : null}
      {tried.data === undefined ? null : <SimulationResult result={tried.data} />}
    </Panel>
  )
}
