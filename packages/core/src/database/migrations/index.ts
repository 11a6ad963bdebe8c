import { foundation } from './0001-foundation.ts'
import { approvals } from './0002-approvals.ts'
import { grants } from './0003-grants.ts'
import { reviewing } from './0004-reviewing.ts'
import { notifications } from './0005-notifications.ts'
import { previews } from './0006-previews.ts'
import { promotion } from './0007-promotion.ts'
import { training } from './0008-training.ts'
import { grantKeys } from './0009-grant-keys.ts'
import { evidence } from './0010-evidence.ts'
import { trust } from './0011-trust.ts'
import { metaAgent } from './0012-meta-agent.ts'
import { sessions } from './0014-sessions.ts'
import { streams } from './0015-streams.ts'
import { presence } from './0016-presence.ts'
import { queue } from './0017-queue.ts'
import { reviewer } from './0018-reviewer.ts'
import { agentWatch } from './0019-agent-watch.ts'
import { suggestedEdits } from './0020-suggested-edits.ts'
import { viewers } from './0021-viewers.ts'
import { heartbeats } from './0022-heartbeats.ts'
import { access } from './0024-access.ts'
import { rateLimits } from './0025-rate-limits.ts'
import { guardrails } from './0026-guardrails.ts'
import { playbooks } from './0028-playbooks.ts'
import { questions } from './0029-questions.ts'
import { analytics } from './0030-analytics.ts'
import { decisionCounts } from './0031-decision-counts.ts'
import { channels } from './0032-channels.ts'
import { alertRules } from './0033-alert-rules.ts'
import { scale } from './0034-scale.ts'
import { journalFilters } from './0035-journal-filters.ts'
import { proposalsOfAnAgent } from './0036-proposals-of-an-agent.ts'

/** The migrations of core, in the order in which they are applied. */
export const CORE_MIGRATIONS: readonly { readonly name: string; readonly sql: string }[] = [
  foundation,
  approvals,
  grants,
  reviewing,
  notifications,
  previews,
  promotion,
  training,
  grantKeys,
  evidence,
  trust,
  metaAgent,
  sessions,
  streams,
  presence,
  queue,
  reviewer,
  agentWatch,
  suggestedEdits,
  viewers,
  heartbeats,
  access,
  rateLimits,
  guardrails,
  playbooks,
  questions,
  analytics,
  decisionCounts,
  channels,
  alertRules,
  scale,
  journalFilters,
  proposalsOfAnAgent,
]
