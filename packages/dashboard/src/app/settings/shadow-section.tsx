import type { ShadowedCapability, ShadowReport } from '@preceptor/client'
import { visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { percent } from '../analytics/numbers.ts'
import { timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Reading } from '../ui/reading.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { Section, SupervisorsOnly } from './section.tsx'
import { SETTINGS } from './settings-messages.ts'
import { SHADOW } from './shadow-messages.ts'
import { ShadowPanels } from './shadow-panels.tsx'

const HERE = { to: '/settings/$section', params: { section: 'shadow' } } as const
const SPANS = ['1', '7', '30', '90'] as const
const USUAL_DAYS = 7
const DAY_MS = 86_400_000
// What is a moment short of 90 days is never one too many by the clock of the server.
const MOST_MS = 90 * DAY_MS - 60_000
const SNIPPET = 'shadow: [mail]\nactions:\n  mail.send: { when: args.to == "team@example.com" }'

/** What the policy would have done with what it only watched, and the way to enforce it. */
export function ShadowSection(): ReactNode {
  const t = useText(SHADOW)
  const { supervises } = usePowers()
  const navigate = useNavigate()
  const search = useSearch({ from: '/settings/$section' })
  const days = String(search.days ?? USUAL_DAYS)
  return (
    <Section title={t('title')} intro={t('intro')}>
      {supervises ? (
        <>
          <div className="line">
            <SelectField
              label={t('days')}
              value={SPANS.find((span) => span === days) ?? '7'}
              options={SPANS.map((span) => [span, t('dayCount', { days: Number(span) })] as const)}
              onChange={(span) => {
                const { days: _, ...rest } = search
                const next = Number(span)
                void navigate({ ...HERE, search: next === USUAL_DAYS ? rest : { ...rest, days: next }, replace: true })
              }}
            />
          </div>
          <Report days={search.days ?? USUAL_DAYS} />
        </>
      ) : (
        <SupervisorsOnly />
      )}
    </Section>
  )
}

function Report({ days }: { readonly days: number }): ReactNode {
  const t = useText(SHADOW)
  const { scope, clockOffset } = useSignedIn()
  const report = useQuery({
    queryKey: ['policies', 'shadow', days],
    queryFn: () => {
      const begin = Date.now() + clockOffset - Math.min(days * DAY_MS, MOST_MS)
      return scope.policies.shadow({ since: new Date(begin).toISOString() })
    },
  })
  return (
    <Reading query={report}>
      {(found) =>
        found.capabilities.length === 0 ? (
          <Empty title={t('none')} snippet={SNIPPET}>
            {t('noneWhy')}
          </Empty>
        ) : (
          <Capabilities report={found} />
        )
      }
    </Reading>
  )
}

/** How many attempts that ran enforcing would have watched or held back. */
const heldOf = ({ ran, would }: ShadowedCapability): number => ran - would.execution

function Capabilities({ report }: { readonly report: ShadowReport }): ReactNode {
  const t = useText(SHADOW)
  const s = useText(SETTINGS)
  const search = useSearch({ from: '/settings/$section' })
  const { from, to, capabilities } = report
  // Without a choice, the one that most would be held back of.
  const usual = capabilities.toSorted((a, b) => heldOf(b) - heldOf(a))[0]
  const shown = capabilities.find(({ capability }) => capability === search.capability) ?? usual
  return (
    <>
      <p className="muted small">
        {t('period', { from: timeText(from), to: timeText(to) })} {t('reads')}
      </p>
      <DataTable
        caption={t('capabilities')}
        rows={capabilities}
        keyOf={({ capability }) => capability}
        columns={[
          {
            key: 'capability',
            title: t('capability'),
            cell: ({ capability }) => (
              <Link
                {...HERE}
                search={{ ...search, capability }}
                {...(capability === shown?.capability && { 'aria-current': 'true' as const })}
              >
                <code>{visibleText(capability)}</code>
              </Link>
            ),
          },
          { key: 'now', title: t('now'), cell: ({ isShadowed }) => <Standing isShadowed={isShadowed} /> },
          { key: 'ran', title: t('ran'), isNumber: true, cell: ({ ran }) => ran },
          {
            key: 'held',
            title: t('held'),
            isNumber: true,
            cell: (row) =>
              row.ran === 0 ? s('none') : t('heldShare', { held: heldOf(row), share: percent(heldOf(row) / row.ran) }),
          },
        ]}
      />
      {shown === undefined ? null : <ShadowPanels shown={shown} latest={report.latest} />}
    </>
  )
}

/** Whether a capability is only watched by the policy in force. */
function Standing({ isShadowed }: { readonly isShadowed: boolean }): ReactNode {
  const t = useText(SHADOW)
  return <span className={`badge tone-${isShadowed ? 'info' : 'good'}`}>{t(isShadowed ? 'shadowed' : 'enforced')}</span>
}
