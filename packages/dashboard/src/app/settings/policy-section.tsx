import { type PolicyVersion, visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ChangeList } from '../card/change-list.tsx'
import { argChanges } from '../data/arg-changes.ts'
import { personText, timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Listing } from '../ui/listing.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { PolicyEditor } from './policy-editor.tsx'
import { POLICY } from './policy-messages.ts'
import { currentPolicyQuery, policyVersionQuery } from './policy-versions.ts'
import { Section } from './section.tsx'
import { SETTINGS } from './settings-messages.ts'

const HERE = { to: '/settings/$section', params: { section: 'policies' } } as const

/** The policy of the workspace: what is in force, its versions, and the next one. */
export function PolicySection(): ReactNode {
  const t = useText(POLICY)
  const { scope } = useSignedIn()
  const { administers } = usePowers()
  const { version, against, edit } = useSearch({ from: '/settings/$section' })
  const current = useQuery(currentPolicyQuery(scope))
  const editLink = (
    <Link {...HERE} search={{ edit: true }} className="button button-primary">
      {t('edit')}
    </Link>
  )
  return (
    <Section title={t('title')} intro={t('intro')} actions={administers && edit !== true ? editLink : undefined}>
      <Reading query={current}>
        {(present) =>
          edit === true && administers ? (
            <PolicyEditor present={present} />
          ) : (
            <>
              <ShownVersion present={present} version={version ?? present.version} against={against} />
              <Versions present={present.version} shown={version ?? present.version} />
            </>
          )
        }
      </Reading>
    </Section>
  )
}

interface ShownVersionProps {
  readonly present: PolicyVersion
  readonly version: number
  readonly against: number | undefined
}

function ShownVersion({ present, version, against }: ShownVersionProps): ReactNode {
  const t = useText(POLICY)
  const { scope } = useSignedIn()
  const isPresent = version === present.version
  const query = useQuery({ ...policyVersionQuery(scope, version), enabled: !isPresent })
  const shown = isPresent ? present : query.data
  const back = (
    <Link {...HERE} search={{}} className="quiet-link">
      {t('toPresent')}
    </Link>
  )
  if (shown === undefined) return <Reading query={query}>{() => null}</Reading>
  if (shown === null) return <Empty title={t('noVersion', { version })}>{back}</Empty>
  const other = against ?? version - 1
  return (
    <>
      {other >= 0 && version > 0 ? <Difference from={other} to={shown} /> : null}
      <Panel title={t(isPresent ? 'inForce' : 'shown', { version })} actions={isPresent ? undefined : back}>
        <Provenance policy={shown} />
        {Object.keys(shown.document).length === 0 ? <p className="muted">{t('emptyDocument')}</p> : null}
        <JsonView value={shown.document} />
      </Panel>
    </>
  )
}

/** Who wrote a version, when and why. */
export function Provenance({ policy }: { readonly policy: PolicyVersion }): ReactNode {
  const t = useText(POLICY)
  if (policy.createdAt === null) return <p className="muted">{t('byDefault')}</p>
  return (
    <p>
      <time dateTime={policy.createdAt}>{timeText(policy.createdAt)}</time>{' '}
      {t('writtenBy', { who: visibleText(personText(policy.createdBy)) })}
      <span className="muted quoted">{visibleText(policy.reason)}</span>
    </p>
  )
}

function Difference({ from, to }: { readonly from: number; readonly to: PolicyVersion }): ReactNode {
  const t = useText(POLICY)
  const { scope } = useSignedIn()
  const query = useQuery(policyVersionQuery(scope, from))
  return (
    <Panel title={t('changes', { from, to: to.version })}>
      <Reading query={query}>
        {(older) => {
          if (older === null) return <p className="muted">{t('noVersion', { version: from })}</p>
          const changes = argChanges(older.document, to.document)
          return changes.length === 0 ? <p className="muted">{t('noChanges')}</p> : <ChangeList changes={changes} />
        }}
      </Reading>
    </Panel>
  )
}

function Versions({ present, shown }: { readonly present: number; readonly shown: number }): ReactNode {
  const t = useText(POLICY)
  const s = useText(SETTINGS)
  const { scope } = useSignedIn()
  const list = usePages<PolicyVersion>({
    queryKey: ['policies', 'list'],
    read: (cursor) => scope.policies.list({ limit: 20, ...cursorOf(cursor) }),
  })
  const columns = [
    {
      key: 'version',
      title: t('version'),
      cell: ({ version }: PolicyVersion) => (
        <Link {...HERE} search={version === present ? {} : { version }}>
          {t('shown', { version })}
          {version === present ? <span className="badge tone-good row-badge">{t('present')}</span> : null}
        </Link>
      ),
    },
    {
      key: 'when',
      title: s('when'),
      cell: ({ createdAt }: PolicyVersion) => (createdAt === null ? s('never') : timeText(createdAt)),
    },
    {
      key: 'by',
      title: s('by'),
      cell: ({ createdBy }: PolicyVersion) => visibleText(personText(createdBy)),
    },
    { key: 'why', title: t('why'), cell: ({ reason }: PolicyVersion) => visibleText(reason) },
    {
      key: 'compare',
      title: s('do'),
      cell: ({ version }: PolicyVersion) =>
        version === shown ? null : (
          <Link {...HERE} search={{ version: Math.max(shown, version), against: Math.min(shown, version) }}>
            {t('compare', { version })} {shown}
          </Link>
        ),
    },
  ]
  return (
    <Panel title={t('versions')}>
      <Listing list={list} empty={<Empty title={t('noVersions')}>{t('oneVersion')}</Empty>}>
        {(items) => (
          <DataTable caption={t('versions')} columns={columns} rows={items} keyOf={({ version }) => String(version)} />
        )}
      </Listing>
    </Panel>
  )
}
