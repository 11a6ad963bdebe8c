import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { CourseCard } from '../training/course-card.tsx'
import { SessionsTable } from '../training/sessions-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { Panel } from '../ui/page.tsx'
import { AGENT } from './agent-messages.ts'

const route = getRouteApi('/agents/$agentId')
const PAGE = 20

/** Courses of the agent: those that wait for a decision, and those that ran. */
export function AgentTrainingTab(): ReactNode {
  const { agentId } = route.useParams()
  const t = useText(AGENT)
  const { scope } = useSignedIn()
  const proposed = usePages({
    queryKey: ['training', 'proposals', 'proposed', agentId],
    read: (cursor) =>
      scope.trainingProposals.list({ agent: agentId, state: 'proposed', limit: PAGE, ...cursorOf(cursor) }),
  })
  const sessions = usePages({
    queryKey: ['training', 'history', agentId],
    read: (cursor) => scope.agents.trainingHistory(agentId, { limit: PAGE, ...cursorOf(cursor) }),
  })
  return (
    <>
      <Panel title={t('proposedCourses')}>
        <Listing list={proposed} empty={<p className="muted">{t('proposedNone')}</p>}>
          {(courses) => (
            <div className="stack">
              {courses.map((course) => (
                <CourseCard key={course.id} course={course} />
              ))}
            </div>
          )}
        </Listing>
      </Panel>
      <Panel title={t('trainingTitle')}>
        <Listing list={sessions} empty={<Empty title={t('trainingNone')} />}>
          {(items) => <SessionsTable sessions={items} />}
        </Listing>
      </Panel>
    </>
  )
}
