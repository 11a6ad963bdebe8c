import type { CollaborationMemberRequest } from '@preceptor/orchestration/client'

/** Members that were read, and the first line that names none. */
export interface ReadMembers {
  readonly members: readonly CollaborationMemberRequest[]
  readonly wrong?: string
}

const LINE = /^(agent|user):(\S+)(?:\s+(.*))?$/

/** Reads members, one a line: `agent:writer note.write lead`, `agent:judge`, `user:ana`. */
export function readMembers(text: string): ReadMembers {
  const members: CollaborationMemberRequest[] = []
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue
    const [, kind, id = '', rest = ''] = LINE.exec(line) ?? []
    const words = rest.split(/\s+/).filter((word) => word !== '')
    const actions = words.filter((word) => word !== 'lead')
    if (kind === undefined || actions.length > 1 || (kind === 'user' && words.length > 0))
      return { members, wrong: line }
    if (kind === 'user') members.push({ kind, id })
    else {
      const [action] = actions
      members.push({
        kind: 'agent',
        id,
        ...(action === undefined ? {} : { action }),
        ...(words.includes('lead') ? { role: 'lead' } : {}),
      })
    }
  }
  return { members }
}
