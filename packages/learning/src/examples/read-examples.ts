import { GovernanceError, type Page } from '@preceptor/client'
import {
  type Actor,
  agentFilter,
  cursorTimePlace,
  decodeCursor,
  inWorkspace,
  pageOf,
  parseInput,
  parseLimit,
  recordNotFound,
} from '@preceptor/core/plugin'
import { z } from 'zod'
import { AGENT_TYPE_FORM } from '../agent-type.ts'
import type { Example, ExampleQuery } from '../client/feedback.ts'
import { parseId } from '../feedback/parse-feedback.ts'
import { visibleExample } from '../feedback/visible-feedback.ts'
import type { FeedbackPorts } from '../ports/feedback-ports.ts'
import {
  type ExampleFilter,
  findExample,
  findMatches,
  listExamples,
  type RankPlace,
  readExamples,
} from './example-store.ts'

const query = z.strictObject({
  limit: z.unknown().exactOptional(),
  cursor: z.string().exactOptional(),
  agent: z.string().min(1).max(128).exactOptional(),
  agentType: z.string().regex(AGENT_TYPE_FORM).exactOptional(),
  tag: z.string().min(1).max(64).exactOptional(),
  search: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .refine((text) => !/\0|\p{Surrogate}/u.test(text), 'holds U+0000 or half of a character')
    .exactOptional(),
  isHeldOut: z.boolean().exactOptional(),
  isApplied: z.boolean().exactOptional(),
})

/** @throws GovernanceError `NOT_FOUND`, also for what the actor may not see; `PERMISSION_DENIED`. */
export async function readExample({ authorizer, context }: FeedbackPorts, actor: Actor, id: string): Promise<Example> {
  const access = authorizer.authorize(actor, 'learning.examples.get')
  const wanted = parseId(id)
  const found = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => findExample(tx, wanted))
  const isHidden = found?.isHeldOut === true && isExaminee(actor)
  if (found === undefined || isHidden || !authorizer.mayRead(actor, 'learning.examples.get', found)) {
    throw recordNotFound('example', wanted)
  }
  return visibleExample(access, found)
}

/** Lists the examples that the actor may see: newest first, or best first where words are searched for. */
export async function readExamplePage(
  { authorizer, context }: FeedbackPorts,
  actor: Actor,
  asked: ExampleQuery = {},
): Promise<Page<Example>> {
  const access = authorizer.authorize(actor, 'learning.examples.list')
  const { search, cursor, ...wanted } = parseInput(query, asked, 'query')
  const { agent = null, agentType = null, tag = null, isApplied = null } = wanted
  const isHeldOut = isExaminee(actor) ? false : (wanted.isHeldOut ?? null)
  const filter: ExampleFilter = { agent, agentType, tag, isHeldOut, isApplied, only: agentFilter(actor) }
  const limit = parseLimit(asked.limit)
  const within = { workspace: actor.workspace }
  const show = (page: Page<Example>): Page<Example> => ({
    ...page,
    items: page.items.map((example) => visibleExample(access, example)),
  })
  if (search === undefined) {
    const list = { ...filter, before: cursorTimePlace(cursor), limit }
    const rows = await inWorkspace(context.database, within, (tx) => listExamples(tx, list))
    return show(pageOf(rows, limit, ({ createdAt, id }) => [createdAt, id]))
  }
  // Whether a word is found would tell what the texts hold.
  if (access === 'redacted') throw searchDenied()
  const list = { ...filter, search, after: rankPlace(cursor), limit }
  const found = await inWorkspace(context.database, { ...within, role: 'system' }, (tx) => findMatches(tx, list))
  const { items, next } = pageOf(found, limit, ({ rank, id }) => [rank, id])
  const ids = items.map(({ id }) => id)
  return show({ items: await inWorkspace(context.database, within, (tx) => readExamples(tx, ids)), next })
}

/** What tests an agent is not for the agent to see. */
function isExaminee({ principal }: Actor): boolean {
  return principal.kind === 'agent'
}

function searchDenied(): GovernanceError {
  return new GovernanceError('PERMISSION_DENIED', { message: 'Who does not see the texts cannot search them.' })
}

function rankPlace(cursor: string | undefined): RankPlace | null {
  if (cursor === undefined) return null
  const [rank, id, ...rest] = decodeCursor(cursor)
  if (typeof rank === 'number' && typeof id === 'string' && rest.length === 0) return { rank, id }
  throw new GovernanceError('INPUT_INVALID', { message: 'cursor: not a cursor of this search.' })
}
