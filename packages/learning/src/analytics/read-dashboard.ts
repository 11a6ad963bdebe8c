import type { Page, PageQuery } from '@preceptor/client'
import { type Actor, agentFilter, inWorkspace } from '@preceptor/core/plugin'
import type { Adaptation, LearningDashboard } from '../client/trainer.ts'
import type { SessionPorts } from '../ports/session-ports.ts'
import { parseAgentType } from '../sessions/parse-session.ts'
import { listSessions } from '../sessions/session-store.ts'
import { shownSession } from '../sessions/stored-session.ts'
import { visibleSession } from '../sessions/visible-session.ts'
import { typePage } from '../type-page.ts'
import { listAdaptations, shownAdaptation } from './adaptation-store.ts'
import { crossSuggestions } from './cross-suggestions.ts'
import { currentPrediction } from './make-prediction.ts'
import { statisticsOf } from './read-statistics.ts'
import { listCorrectedTags, listTagResults } from './suggestion-store.ts'

const SHOWN = 10

/** Lists adaptations that were not removed, newest first. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readAdaptations(
  { authorizer, context }: SessionPorts,
  actor: Actor,
  query: PageQuery & { readonly agentType?: string },
): Promise<Page<Adaptation>> {
  authorizer.authorize(actor, 'learning.analytics.adaptations')
  const wanted = typePage(query)
  const page = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => listAdaptations(tx, wanted))
  return { ...page, items: page.items.map(shownAdaptation) }
}

/** Everything about one type at one moment. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readDashboard(ports: SessionPorts, actor: Actor, type: string): Promise<LearningDashboard> {
  const access = ports.authorizer.authorize(actor, 'learning.analytics.dashboard')
  const agentType = parseAgentType(type)
  return inWorkspace(ports.context.database, { workspace: actor.workspace }, async (tx) => {
    const page = { before: null, limit: SHOWN }
    const adaptations = await listAdaptations(tx, { ...page, agentType })
    const recent = await listSessions(tx, { ...page, agentType, agent: null, state: null, only: agentFilter(actor) })
    const corrected = await listCorrectedTags(tx, agentType)
    const results = await listTagResults(tx, { agentType, tags: corrected })
    return {
      agentType,
      statistics: await statisticsOf(ports, tx, agentType),
      prediction: await currentPrediction(ports, tx, agentType),
      adaptations: adaptations.items.map(shownAdaptation),
      suggestions: crossSuggestions({ agentType, corrected, results }),
      recent: recent.items.map((session) => visibleSession(access, shownSession(session))),
    }
  })
}
