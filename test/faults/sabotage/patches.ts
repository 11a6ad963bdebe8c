// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are pieces of the built code.
import type { RoundShape } from '../plan.ts'
import type { Patch } from './patch.ts'

const LASTS_MS = 4_000

/** A round in which little fails, and some of the clients do one thing above all. */
function shape(focus: RoundShape['focus'], more: Partial<RoundShape> = {}): Patch['run'] {
  return { kind: 'rounds', shape: { focus, failpoints: [], incidents: [], lastsMs: LASTS_MS, ...more } }
}

/** The guards that are taken off, one at a time. */
export const PATCHES: readonly Patch[] = [
  {
    name: 'no-journal-row',
    guard: 'The decision and its journal row are one transaction.',
    edits: [
      {
        file: 'core/routing/record-decision.js',
        find: 'await gate.context.journal.append(tx, decisionDraft(attempt, recorded.decision, ruling.agent));',
        replace: '',
      },
    ],
    run: shape(['claim']),
  },
  {
    name: 'fail-open',
    guard: 'A fault of the gate denies.',
    edits: [
      {
        file: 'core/routing/decide.js',
        find: 'const decision = deniedBeforeRuling(attempt, { code: fault.code, reason: fault.message });',
        replace: `const resolved = await resolveAction(gate.registry, attempt.actor.workspace, attempt.trigger);
    if (resolved.status === 'resolved') {
        const open = { ...deniedBeforeRuling(attempt, { code: fault.code, reason: 'open' }), route: 'execution', code: null };
        return { decision: open, attempt: { ...attempt, resolution: resolved }, claim: null, replay: null };
    }
    const decision = deniedBeforeRuling(attempt, { code: fault.code, reason: fault.message });`,
      },
    ],
    run: shape(['claim'], { failpoints: ['claim.before_commit', 'decide.before_commit'] }),
  },
  {
    name: 'no-stop-check',
    guard: 'The kill switch is looked at first.',
    edits: [
      {
        file: 'core/routing/ruling.js',
        find: 'if (stop !== undefined)',
        replace: 'if (false)',
      },
    ],
    run: shape(['halt']),
  },
  {
    name: 'no-fence-on-outcome',
    guard: 'An outcome is recorded under the fence of its own claim.',
    edits: [
      {
        file: 'core/executions/store.js',
        find: "and id = ${proof.executionId} and fence = ${proof.fence}\n            and state = 'claimed'\n          returning proposal_id",
        replace: "and id = ${proof.executionId}\n            and state = 'claimed'\n          returning proposal_id",
      },
    ],
    run: shape(['shared'], {
      incidents: [
        { kind: 'freeze', slot: 0, forMs: 2_000 },
        { kind: 'freeze', slot: 1, forMs: 2_000 },
      ],
    }),
  },
  {
    name: 'no-idempotency-key',
    guard: 'One execution for each idempotency key.',
    edits: [
      {
        file: 'core/executions/claim.js',
        find: 'idempotencyKey: attempt.idempotencyKey,\n        askedKey',
        replace: 'idempotencyKey: attempt.idempotencyKey + attempt.decisionId,\n        askedKey',
      },
    ],
    run: shape(['shared']),
  },
]
