import { GovernanceError, type JournalEntry } from '@preceptor/client'
import { EVENT_KINDS, isEventKind, type TopicKind } from './event-kinds.ts'

/** What events can be followed on; the whole workspace has no id. */
export interface Topic {
  readonly kind: TopicKind
  readonly id: string
}

const TOPIC = /^(agent|user|session|proposal|learning|workflow):(.{1,200})$/s

/**
 * Reads the name of a topic: `agent:{id}`, `user:{id}`, `session:{id}`, `proposal:{id}`, `workflow:{id}`,
 * `learning:{agentType}` or `workspace`.
 *
 * @throws GovernanceError `INPUT_INVALID`
 */
export function parseTopic(name: string): Topic {
  if (name === 'workspace') return { kind: 'workspace', id: '' }
  const [, kind, id = ''] = TOPIC.exec(name) ?? []
  if (isKind(kind)) return { kind, id }
  throw new GovernanceError('INPUT_INVALID', {
    message: 'topic: it is none.',
    hint: 'Use workspace, agent:{id}, session:{id}, proposal:{id}, user:{id}, workflow:{id} or learning:{agentType}.',
  })
}

/** Whether an event is heard on a topic, by its kind and what it is about. */
export function isHeardOn(
  { kind, id }: Topic,
  entry: Pick<JournalEntry, 'kind' | 'subjectId' | 'agent' | 'body'>,
): boolean {
  // Rows of a newer release may be of kinds that this one does not know.
  const topics = isEventKind(entry.kind) ? EVENT_KINDS.get(entry.kind) : undefined
  if (topics?.includes(kind) !== true) return false
  if (kind === 'workspace') return true
  // What types of agents learn is about playbooks, sessions and so on, each of which says for which type it is.
  if (kind === 'learning') return entry.body.agentType === id
  // A run is heard by its own id, and by that of its workflow.
  if (kind === 'workflow') return entry.subjectId === id || entry.body.workflow === id
  return kind === 'agent' ? entry.agent === id : entry.subjectId === id
}

const KINDS: ReadonlySet<string> = new Set(['agent', 'user', 'session', 'proposal', 'learning', 'workflow'])

function isKind(text: string | undefined): text is Exclude<TopicKind, 'workspace'> {
  return text !== undefined && KINDS.has(text)
}
