import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { INBOX } from './inbox-messages.ts'
import { readInboxSearch, WORK_KINDS, type WorkKind } from './inbox-search.ts'

const NAMES = {
  actions: 'kindActions',
  questions: 'kindQuestions',
  training: 'kindTraining',
  votes: 'kindVotes',
  queue: 'kindQueue',
} as const

interface WorkKindsProps {
  readonly kind: WorkKind | undefined
  readonly counts: Readonly<Record<WorkKind, number>>
}

/** The kinds of what waits, with how much of each there is; where all is of one kind there is nothing to choose. */
export function WorkKinds({ kind, counts }: WorkKindsProps): ReactNode {
  const t = useText(INBOX)
  const there = WORK_KINDS.filter((one) => counts[one] > 0 || one === kind)
  if (there.length < 2 && kind === undefined) return null
  const total = WORK_KINDS.reduce((sum, one) => sum + counts[one], 0)
  return (
    <nav aria-label={t('kinds')} className="work-kinds">
      <KindLink kind={undefined} isChosen={kind === undefined} name={t('kindAll')} count={total} />
      {there.map((one) => (
        <KindLink key={one} kind={one} isChosen={kind === one} name={t(NAMES[one])} count={counts[one]} />
      ))}
    </nav>
  )
}

interface KindLinkProps {
  readonly kind: WorkKind | undefined
  readonly isChosen: boolean
  readonly name: string
  readonly count: number
}

function KindLink({ kind, isChosen, name, count }: KindLinkProps): ReactNode {
  return (
    <Link
      to="/inbox"
      search={(search) => readInboxSearch({ ...search, kind, select: [] })}
      className={isChosen ? 'work-kind work-kind-chosen' : 'work-kind'}
      aria-current={isChosen ? 'true' : undefined}
      activeOptions={{ exact: true, includeSearch: true }}
    >
      {name} <span className="work-count">{count}</span>
    </Link>
  )
}
