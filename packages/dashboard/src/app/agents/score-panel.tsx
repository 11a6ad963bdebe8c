import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { AGENT } from './agent-messages.ts'
import { ledgerQuery } from './agent-queries.ts'
import { causeName } from './cause-text.ts'
import { sumByCause } from './journey-model.ts'
import type { AgentPart } from './promotion-panel.tsx'
import { changeText, scoreText } from './score-text.ts'

/** Where the score comes from: the ledger, summed by cause. */
export function ScorePanel({ agentId, capability = '*' }: AgentPart): ReactNode {
  const t = useText(AGENT)
  const { scope } = useSignedIn()
  const query = useQuery(ledgerQuery(scope, agentId))
  return (
    <Panel title={t('sourcesTitle')}>
      <Reading query={query}>
        {({ items }) => {
          const sums = sumByCause(items.filter((entry) => entry.capability === capability))
          return (
            <dl className="sums">
              {sums.map(({ cause, kind, sum, count }) => (
                <div key={cause ?? kind}>
                  <dt>
                    {causeName(t, { cause, kind })} <span className="muted small">{t('times', { count })}</span>
                  </dt>
                  <dd className={sum < 0 ? 'bad' : undefined}>{changeText(sum)}</dd>
                </div>
              ))}
              <div className="sums-total">
                <dt>{t('sourcesSum')}</dt>
                <dd>{scoreText(sums.reduce((total, { sum }) => total + sum, 0))}</dd>
              </div>
            </dl>
          )
        }}
      </Reading>
    </Panel>
  )
}
