import type { Patch } from './patch.ts'
import { roundsOf } from './rounds.ts'

const LASTS_MS = 7_000
const asked = roundsOf(['asked'], { lastsMs: LASTS_MS })

/** Guards of what people approve. */
export const APPROVAL_PATCHES: readonly Patch[] = [
  {
    name: 'no-quorum',
    guard: 'As many people approve as an action takes.',
    edits: [
      {
        file: 'core/proposals/approve-proposal.js',
        find: 'if (approvers.length >= requiredApprovals)',
        replace: 'if (approvers.length >= 1)',
      },
    ],
    schema: 'drop trigger proposal_needs on proposals',
    run: asked,
  },
  {
    name: 'no-separation-of-duties',
    guard: 'Who owns the agent does not decide on what it asks for.',
    edits: [
      {
        file: 'core/proposals/review-proposal.js',
        find: 'if (!isOwner && proposal.proposedBy !== actorName(actor))\n        return;',
        replace: 'if (actor)\n        return;',
      },
    ],
    run: asked,
  },
  {
    name: 'decided-unseen',
    guard: 'People decide on the version that they were shown.',
    edits: [
      {
        file: 'core/proposals/review-proposal.js',
        find: 'if (proposal.version !== version || proposal.actionHash !== actionHash)',
        replace: 'if (false)',
      },
    ],
    run: asked,
  },
  {
    name: 'no-action-hash',
    guard: 'What runs is what was approved, to the byte.',
    edits: [
      {
        file: 'core/proposals/change-since-approval.js',
        find: 'if (hash !== proposal.actionHash)',
        replace: 'if (false)',
      },
    ],
    run: roundsOf(['asked'], {
      lastsMs: LASTS_MS,
      incidents: Array.from({ length: 24 }, () => ({ kind: 'tamper' }) as const),
    }),
  },
  {
    name: 'no-epoch-at-claim',
    guard: 'An approval does not outlive a change of its agent.',
    edits: [
      {
        file: 'core/proposals/change-since-approval.js',
        find: 'if (approvals.some(({ epochs }) => hasChanged(epochs, agents)))',
        replace: 'if (false)',
      },
    ],
    run: asked,
  },
  {
    name: 'no-expiry-at-claim',
    guard: 'An approval that is over runs nothing.',
    edits: [
      {
        file: 'core/proposals/refuse-permit.js',
        find: 'const isOver = Date.parse(expiresAt) <= now;',
        replace: 'const isOver = false;',
      },
      {
        file: 'core/routing/decide-by-prior.js',
        find: 'const isLate = isOpen && proposal.expiresAt <= attempt.decidedAt;',
        replace: 'const isLate = false;',
      },
    ],
    run: roundsOf(['asked'], { lastsMs: 10_000, proposalTtlMs: 3_000 }),
  },
]
