import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useRef } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useKeys } from '../keys/use-keys.ts'
import { useText } from '../text/use-text.ts'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { CourseCard } from './course-card.tsx'
import { StateChips, TrainingFrame } from './training-frame.tsx'
import { TRAINING } from './training-messages.ts'
import { PROPOSAL_STATES } from './training-search.ts'

const route = getRouteApi('/training/proposals')
const PAGE = 20

const SNIPPET = `const decision = await scope.decide({ agent: 'stock-bot', action: 'stock.order', args: { count: 5 } })
decision.route // 'training', where stock-bot is a student`

/** Courses that were proposed; J and K go through them. */
export function CoursesPage(): ReactNode {
  const search = route.useSearch()
  const t = useText(TRAINING)
  const { scope } = useSignedIn()
  const box = useRef<HTMLDivElement>(null)
  const state = search.state ?? 'proposed'
  const list = usePages({
    queryKey: ['training', 'proposals', state, search.agent ?? ''],
    read: (cursor) =>
      scope.trainingProposals.list({
        limit: PAGE,
        ...(state === 'all' ? {} : { state }),
        ...(search.agent === undefined ? {} : { agent: search.agent }),
        ...cursorOf(cursor),
      }),
  })
  const move = (by: number): void => {
    const titles = [...(box.current?.querySelectorAll<HTMLElement>('.course-title a') ?? [])]
    const from = titles.findIndex((title) => title.matches(':focus'))
    titles[from < 0 ? 0 : Math.min(Math.max(from + by, 0), titles.length - 1)]?.focus()
  }
  const [down, up] = [() => move(1), () => move(-1)]
  useKeys({ j: down, k: up, arrowdown: down, arrowup: up })
  const labels = { proposed: t('waiting'), approved: t('approved'), rejected: t('rejected'), all: t('allStates') }
  return (
    <TrainingFrame>
      <StateChips states={PROPOSAL_STATES} search={search} labelOf={(one) => labels[one as keyof typeof labels]} />
      <Listing
        list={list}
        empty={
          <Empty title={t('noneProposed')} snippet={SNIPPET}>
            {t('noneProposedText')}
          </Empty>
        }
      >
        {(courses) => (
          <div className="stack" ref={box}>
            {courses.map((course) => (
              <CourseCard key={course.id} course={course} />
            ))}
          </div>
        )}
      </Listing>
    </TrainingFrame>
  )
}
