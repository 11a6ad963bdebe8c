// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are pieces of the built code.
import type { Patch } from './patch.ts'
import { roundsOf } from './rounds.ts'

const supervised = roundsOf(['supervise'], { lastsMs: 8_000 })

/** Guards of runs that people watch. */
export const SUPERVISION_PATCHES: readonly Patch[] = [
  {
    name: 'paused-run-goes-on',
    guard: 'No step begins and no checkpoint is passed in a run that is paused.',
    edits: [
      {
        file: 'core/supervision/begin-step.js',
        find: "const isRunning = session.state === 'running' || session.state === 'correcting';",
        replace: 'const isRunning = true;',
      },
      {
        file: 'core/supervision/await-supervisor.js',
        find: "if (session.state !== 'running' && session.state !== 'correcting')",
        replace: 'if (false)',
      },
    ],
    run: supervised,
  },
  {
    name: 'checkpoint-ignores-pause',
    guard: 'A run that is paused waits at its next checkpoint.',
    edits: [
      {
        file: 'core/supervision/pass-checkpoint.js',
        find: "if (held && (session.state === 'running' || session.state === 'correcting')) {",
        replace: 'if (held) {',
      },
    ],
    run: supervised,
  },
  {
    name: 'no-supervisor-lease',
    guard: 'Nothing begins in a run that nobody watches any more.',
    edits: [
      {
        file: 'core/supervision/held-session.js',
        find: 'return leaseEnd(session) > now;',
        replace: 'return leaseEnd(session) > 0;',
      },
      {
        file: 'core/executions/runner.js',
        find: 'if (watchedUntil === null || watchedUntil > context.clock.now())',
        replace: 'if (true)',
      },
      {
        file: 'core/supervision/pass-checkpoint.js',
        find: 'if (seen.watchedUntil > clock.now())',
        replace: 'if (true)',
      },
    ],
    run: supervised,
  },
  {
    name: 'correction-overtaken',
    guard: 'A step that was given other args begins with no others.',
    edits: [
      {
        file: 'core/supervision/step-store.js',
        find: "and state = 'waiting' and corrections = ${step.corrections}`",
        replace: "and state = 'waiting'`",
      },
    ],
    run: supervised,
  },
  {
    name: 'told-again',
    guard: 'A run is told once what a supervisor says.',
    edits: [
      {
        file: 'core/supervision/intervention-store.js',
        find: 'update interventions set applied_at = ${taken.at}, applied_to = ${taken.step}',
        replace: 'update interventions set applied_to = ${taken.step}',
      },
    ],
    schema: 'drop trigger intervention_once on interventions',
    run: supervised,
  },
]
