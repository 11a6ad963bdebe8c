import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useKeys } from '../keys/use-keys.ts'
import { Reading } from '../ui/reading.tsx'
import { CourseCard } from './course-card.tsx'
import { TrainingFrame } from './training-frame.tsx'

const route = getRouteApi('/training/proposals/$proposalId')

/** One proposed course. */
export function CoursePage(): ReactNode {
  const { proposalId } = route.useParams()
  const { scope } = useSignedIn()
  const navigate = useNavigate()
  const query = useQuery({
    queryKey: ['training', 'proposal', proposalId],
    queryFn: () => scope.trainingProposals.get(proposalId),
  })
  useKeys({
    escape: () => void navigate({ to: '/training/proposals', search: {} }),
    y: () => void navigator.clipboard?.writeText(location.href).catch(() => undefined),
  })
  return (
    <TrainingFrame>
      <Reading query={query}>{(course) => <CourseCard course={course} hasKeys />}</Reading>
    </TrainingFrame>
  )
}
