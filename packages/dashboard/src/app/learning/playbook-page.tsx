import { type Playbook, visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { personText } from '../data/format.ts'
import { readWhole } from '../data/read-whole.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { AgentText } from '../ui/agent-text.tsx'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Reading } from '../ui/reading.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { DeployDialog } from './deploy-dialog.tsx'
import { Deployments } from './deployments.tsx'
import { LEARNING } from './learning-messages.ts'
import { LearningPage } from './learning-page.tsx'
import { PlaybookDifference } from './playbook-difference.tsx'
import { PlaybookText } from './playbook-text.tsx'
import { VersionTest } from './version-test.tsx'
import { WriteDialog } from './write-dialog.tsx'

const route = getRouteApi('/learning/playbooks/$playbookId')

/** One playbook: its versions with their tests, what differs, and where they are deployed. */
export function PlaybookPage(): ReactNode {
  const t = useText(LEARNING)
  const { playbookId } = route.useParams()
  const { scope } = useSignedIn()
  const query = useQuery({ queryKey: ['playbooks', playbookId], queryFn: () => scope.playbooks.get(playbookId) })
  const { data } = query
  const title = data === undefined ? t('playbook') : <AgentText text={data.name ?? data.agentType} />
  return (
    <LearningPage part="playbooks" title={title} actions={data === undefined ? undefined : <Actions playbook={data} />}>
      <Reading query={query}>{(playbook) => <Body key={playbook.id} playbook={playbook} />}</Reading>
    </LearningPage>
  )
}

function Body({ playbook }: { readonly playbook: Playbook }): ReactNode {
  const t = useText(LEARNING)
  const { id, agentType, latest, createdAt, createdBy } = playbook
  return (
    <>
      <div className="line">
        <span>{t('forType', { type: visibleText(agentType) })}</span>
        <span>{t('newestVersion', { version: latest })}</span>
        <span className="muted">
          {t.rich('startedAgo', { ago: <RelativeTime at={createdAt} />, by: visibleText(personText(createdBy)) })}
        </span>
        <code className="muted small">{id}</code>
        <CopyButton text={location.href} label={t('copyLink')} />
        <Link to="/learning/playbooks">{t('allPlaybooks')}</Link>
      </div>
      <Deployments playbook={playbook} />
      <Versions playbook={playbook} />
      <PlaybookDifference playbook={playbook} />
      <PlaybookText playbook={playbook} />
    </>
  )
}

function Actions({ playbook }: { readonly playbook: Playbook }): ReactNode {
  const t = useText(LEARNING)
  const { scope } = useSignedIn()
  const { supervises } = usePowers()
  const [isWriting, setWriting] = useState(false)
  const { data } = useQuery({
    queryKey: ['playbooks', playbook.id, 'version', playbook.latest],
    queryFn: () => scope.playbooks.version(playbook.id, playbook.latest),
    enabled: supervises,
  })
  if (!supervises || data === undefined) return null
  return (
    <>
      <Button onClick={() => setWriting(true)}>{t('write')}</Button>
      {isWriting ? <WriteDialog from={data} onClose={() => setWriting(false)} /> : null}
    </>
  )
}

function Versions({ playbook: { id, latest } }: { readonly playbook: Playbook }): ReactNode {
  const t = useText(LEARNING)
  const { scope } = useSignedIn()
  const { supervises } = usePowers()
  const [deploying, setDeploying] = useState<{ readonly version: number; readonly isTested: boolean }>()
  const query = useQuery({
    queryKey: ['playbooks', id, 'versions', latest],
    queryFn: () => readWhole((page) => scope.playbooks.versions(id, page)),
  })
  return (
    <section className="stack" aria-labelledby="lr-versions">
      <h2 id="lr-versions" className="panel-title">
        {t('versions')}
      </h2>
      <Reading query={query}>
        {(versions) => (
          <DataTable
            caption={t('versions')}
            rows={versions}
            keyOf={({ version }) => String(version)}
            columns={[
              { key: 'version', title: t('version'), cell: ({ version }) => version },
              { key: 'note', title: t('note'), cell: ({ note }) => (note === null ? '–' : <AgentText text={note} />) },
              { key: 'examples', title: t('examples'), isNumber: true, cell: ({ examples }) => examples },
              { key: 'test', title: t('test'), cell: ({ test }) => <VersionTest test={test} /> },
              { key: 'by', title: t('by'), cell: ({ createdBy }) => visibleText(personText(createdBy)) },
              { key: 'at', title: t('when'), cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
              {
                key: 'act',
                title: t('act'),
                cell: ({ version, test }) =>
                  supervises ? (
                    <Button onClick={() => setDeploying({ version, isTested: test !== null })}>
                      {t('deploy')}
                      <span className="visually-hidden"> {t('versionNumber', { version })}</span>
                    </Button>
                  ) : null,
              },
            ]}
          />
        )}
      </Reading>
      {deploying === undefined ? null : (
        <DeployDialog playbook={id} {...deploying} onClose={() => setDeploying(undefined)} />
      )}
    </section>
  )
}
