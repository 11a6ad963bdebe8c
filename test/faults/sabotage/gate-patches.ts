// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are pieces of the built code.
import type { Patch } from './patch.ts'
import { roundsOf } from './rounds.ts'

/** What has no known outcome is claimed again. */
export const REPEATED_CLAIM: Patch['edits'] = [
  {
    file: 'core/executions/answer-to.js',
    find: 'if (!(idempotent && asked.idempotent))\n        return false;',
    replace: '',
  },
  {
    file: 'core/executions/store.js',
    find: 'or (e.idempotent and excluded.idempotent and (',
    replace: 'or (true and (',
  },
]

/** Guards of the decision itself. */
export const GATE_PATCHES: readonly Patch[] = [
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
    run: roundsOf(['claim']),
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
    run: roundsOf(['claim'], { failpoints: ['claim.before_commit', 'decide.before_commit'] }),
  },
  {
    name: 'no-stop-check',
    guard: 'The kill switch is looked at first.',
    edits: [{ file: 'core/routing/ruling.js', find: 'if (stop !== undefined)', replace: 'if (false)' }],
    run: roundsOf(['halt']),
  },
  {
    name: 'no-lifecycle-check',
    guard: 'An agent that is paused or stopped runs nothing.',
    edits: [{ file: 'core/routing/ruling.js', find: "if (agent.lifecycle !== 'active') {", replace: 'if (false) {' }],
    run: roundsOf(['pause']),
  },
  {
    name: 'no-maturity-check',
    guard: 'What an agent has not earned it does not run by itself.',
    edits: [
      {
        file: 'core/routing/ruling.js',
        find: 'return minMaturity(mostAllowed(attempt, facts, rule), ...earned);',
        replace: 'return mostAllowed(attempt, facts, rule);',
      },
    ],
    run: roundsOf(['asked', 'demotion']),
  },
  {
    name: 'no-epoch-bump',
    guard: 'A demotion cancels what was decided before it.',
    edits: [
      {
        file: 'core/maturity/transition.js',
        find: 'if (direction < 0)\n        await bumpEpoch(tx, record.agent, at);',
        replace: '',
      },
    ],
    run: roundsOf(['demotion']),
  },
  {
    name: 'no-snapshot-lease',
    guard: 'What a process remembers counts only while the database was asked moments ago.',
    edits: [
      {
        file: 'core/routing/lease.js',
        find: 'live: () => !closed && clock.monotonic() - answeredAt < settings.leaseMs,',
        replace: 'live: () => !closed,',
      },
    ],
    run: roundsOf(['pause', 'halted-read', 'halted-read'], {
      lastsMs: 14_000,
      incidents: [0, 1, 2, 0, 1, 2].map((slot) => ({ kind: 'stall', slot, forMs: 2_500 })),
    }),
  },
  {
    name: 'no-limit',
    guard: 'What runs uses up its limit.',
    edits: [
      {
        file: 'core/routing/limits.js',
        find: 'of inOneOrder(countersOf(limited))) {',
        replace: 'of []) {',
      },
    ],
    run: roundsOf(['limit']),
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
    run: roundsOf(['shared']),
  },
  {
    name: 'unknown-runs-again',
    guard: 'What began and has no known outcome runs again only where that does no harm.',
    edits: REPEATED_CLAIM,
    schema: 'drop trigger execution_transition on executions',
    run: roundsOf(['shared'], { failpoints: ['tool.after_send', 'tool.after_response', 'record.before_commit'] }),
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
    run: roundsOf(['contested'], {
      lastsMs: 10_000,
      incidents: [0, 1, 2, 0, 1, 2].map((slot) => ({ kind: 'freeze', slot, forMs: 2_000 })),
    }),
  },
  {
    name: 'lost-claim-goes-on',
    guard: 'A run whose claim is lost ends at its next checkpoint.',
    edits: [
      {
        file: 'core/executions/keep-claim.js',
        find: "const lose = () => abortable.abort(new GovernanceError('EXECUTION_FENCED'));",
        replace: 'const lose = () => undefined;',
      },
      {
        file: 'core/executions/checkpoint.js',
        find: 'if (!(await renewExecution(tx, claim, leaseExpiresAt)))',
        replace: 'if (!(await renewExecution(tx, claim, leaseExpiresAt)) && false)',
      },
    ],
    run: roundsOf(['slow'], {
      lastsMs: 10_000,
      incidents: [
        { kind: 'stall', slot: 0, forMs: 2_000 },
        { kind: 'stall', slot: 1, forMs: 2_000 },
      ],
    }),
  },
]
