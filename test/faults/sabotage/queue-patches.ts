import { REPEATED_CLAIM } from './gate-patches.ts'
import type { Patch } from './patch.ts'

/** Guards of runs that wait for a supervisor. */
export const QUEUE_PATCHES: readonly Patch[] = [
  {
    name: 'poison-goes-on',
    guard: 'What ends its worker again and again is tried three times.',
    edits: [
      {
        file: 'core/queue/offer-store.js',
        find: 'export const MOST_ATTEMPTS = 3;',
        replace: 'export const MOST_ATTEMPTS = 1_000;',
      },
    ],
    run: { kind: 'queue' },
  },
  {
    name: 'queue-repeats-unknown',
    guard: 'A queued run of unknown outcome waits for a person.',
    edits: [
      {
        file: 'core/queue/follow-queued.js',
        find: 'if (await mayRepeat(tx, entry.id)) {',
        replace: 'if ((await mayRepeat(tx, entry.id)) || true) {',
      },
      // The claim of an execution holds to the same.
      ...REPEATED_CLAIM,
    ],
    schema: 'drop trigger execution_transition on executions',
    run: { kind: 'queue' },
  },
]
