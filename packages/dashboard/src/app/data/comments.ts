import type { ControlScope, Page, ProposalComment } from '@preceptor/client'
import { queryOptions } from '@tanstack/react-query'

/** The query of the comments on a proposal, all of them, oldest first. */
export function commentsQuery(scope: ControlScope, id: string) {
  return queryOptions({ queryKey: ['comments', id], queryFn: () => readComments(scope, id) })
}

async function readComments(scope: ControlScope, id: string): Promise<readonly ProposalComment[]> {
  const comments: ProposalComment[] = []
  let cursor: string | null = null
  do {
    const page: Page<ProposalComment> = await scope.proposals.comments(id, {
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    })
    comments.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  return comments
}
