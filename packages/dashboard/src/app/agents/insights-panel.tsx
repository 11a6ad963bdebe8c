import { visibleText } from '@preceptor/client'
import { learning } from '@preceptor/learning/client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { percent } from '../learning/score-scale.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { AGENT } from './agent-messages.ts'

/** What the feedback on its answers shows, where the host has learning. */
export function InsightsPanel({ agentId }: { readonly agentId: string }): ReactNode {
  const t = useText(AGENT)
  const { scope } = useSignedIn()
  const query = useQuery({
    queryKey: ['learning', 'insights', agentId],
    queryFn: () => scope.plugin(learning).feedback.insights(agentId, { days: 30 }),
  })
  return (
    <Panel title={t('insightsTitle')}>
      <Reading query={query}>
        {({ total, negativeRate, correctionRate, topIssues, recommendations }) => {
          if (total === 0) return <p className="muted">{t('insightsNone')}</p>
          return (
            <div className="stack">
              <dl className="facts">
                <dt>{t('feedbackCount')}</dt>
                <dd>{total}</dd>
                <dt>{t('negativeRate')}</dt>
                <dd>{percent(negativeRate)}</dd>
                <dt>{t('correctionRate')}</dt>
                <dd>{percent(correctionRate)}</dd>
                {topIssues.length === 0 ? null : (
                  <>
                    <dt>{t('topIssues')}</dt>
                    <dd className="line">
                      {topIssues.slice(0, 5).map(({ tag, count }) => (
                        <span key={tag} className="tag">
                          {t('issue', { tag: visibleText(tag), count })}
                        </span>
                      ))}
                    </dd>
                  </>
                )}
              </dl>
              <ul className="bullets">
                {recommendations.map(({ code, text }) => (
                  <li key={code}>
                    <AgentText text={text} />
                  </li>
                ))}
              </ul>
            </div>
          )
        }}
      </Reading>
    </Panel>
  )
}
