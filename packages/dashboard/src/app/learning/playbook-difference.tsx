import { type Playbook, type PlaybookDiff, type PlaybookExample, visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { LEARNING } from './learning-messages.ts'

const route = getRouteApi('/learning/playbooks/$playbookId')

/** What differs between two versions; by default the newest and the one before it. */
export function PlaybookDifference({ playbook: { id, latest } }: { readonly playbook: Playbook }): ReactNode {
  const t = useText(LEARNING)
  const { scope } = useSignedIn()
  const search = route.useSearch()
  const navigate = useNavigate()
  const within = (version: number | undefined, other: number): number =>
    version === undefined || version > latest ? other : version
  const chosen = { from: within(search.from, latest - 1), to: within(search.to, latest) }
  const query = useQuery({
    queryKey: ['playbooks', id, 'diff', chosen.from, chosen.to],
    queryFn: () => scope.playbooks.diff(id, chosen),
    enabled: latest > 1,
  })
  if (latest < 2) return null
  const options = Array.from({ length: latest }, (_, index) => {
    const version = latest - index
    return [String(version), t('versionNumber', { version })] as const
  })
  const choose = (change: Partial<typeof chosen>): void =>
    void navigate({
      to: '/learning/playbooks/$playbookId',
      params: { playbookId: id },
      search: { ...chosen, ...change },
      resetScroll: false,
      replace: true,
    })
  return (
    <Panel title={t('difference')}>
      <div className="lr-compare">
        <SelectField
          label={t('from')}
          value={String(chosen.from)}
          options={options}
          onChange={(value) => choose({ from: Number(value) })}
        />
        <SelectField
          label={t('to')}
          value={String(chosen.to)}
          options={options}
          onChange={(value) => choose({ to: Number(value) })}
        />
      </div>
      <Reading query={query}>{(diff) => <Lines diff={diff} />}</Reading>
    </Panel>
  )
}

const SIGNS = { kept: ' ', added: '+', removed: '−' } as const

function Lines({ diff: { instructions, examples } }: { readonly diff: PlaybookDiff }): ReactNode {
  const t = useText(LEARNING)
  const { added, removed, changed } = examples
  return (
    <>
      <ol className="lr-diff" aria-label={t('instructions')}>
        {instructions.map(({ change, line }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have their place alone
          <li key={index} className={`lr-diff-${change}`}>
            <span aria-hidden="true">{SIGNS[change]} </span>
            {change === 'kept' ? null : <span className="visually-hidden">{t(change)}: </span>}
            {visibleText(line)}
          </li>
        ))}
      </ol>
      {added.length + removed.length + changed.length === 0 ? (
        <p className="muted small">{t('examplesSame')}</p>
      ) : (
        <ul className="stack">
          {added.map((one) => (
            <li key={one.input}>
              <ExampleLine change="added" example={one} />
            </li>
          ))}
          {removed.map((one) => (
            <li key={one.input}>
              <ExampleLine change="removed" example={one} />
            </li>
          ))}
          {changed.map(({ from, to }) => (
            <li key={to.input}>
              <ExampleLine change="removed" example={from} />
              <ExampleLine change="added" example={to} />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

interface ExampleLineProps {
  readonly change: 'added' | 'removed'
  readonly example: PlaybookExample
}

function ExampleLine({ change, example: { input, output } }: ExampleLineProps): ReactNode {
  const t = useText(LEARNING)
  return (
    <div className={`lr-example lr-diff-${change}`}>
      <span aria-hidden="true">{SIGNS[change]} </span>
      <span className="visually-hidden">{t(change)}: </span>
      <AgentText text={`${input} → ${output}`} />
    </div>
  )
}
