// What is mutated, and which tests must notice, by module. The rules of a module are pure, and so are their tests; its acts
// need a database. SQL (the stores) is left to the fault run, which breaks it by name.
const RULES_OF_MATURITY = [
  'agent-at',
  'apply-delta',
  'bands',
  'change-detector',
  'evidence',
  'gain-caps',
  'levels',
  'promotion-evidence',
  'promotion-gates',
  'record-capability',
]
const RULES_OF_ROUTING = [
  'attempt',
  'bypass-rule',
  'make-decision',
  'matrix',
  'parse-facts',
  'parse-trigger',
  'resolve-action',
  'ruling',
  'time-left',
]
const RULES_OF_EXECUTIONS = ['answer-to', 'drain-calls', 'earns-at', 'has-changed', 'running-calls', 'storable-outcome']
const RULES_OF_PROPOSALS = [
  'action-hash',
  'approved-attempt',
  'change-since-approval',
  'next-version',
  'refuse-permit',
  'runnable-from',
]
const RULES_OF_GRANTS = ['assert-grantable', 'assert-nothing-hidden', 'matcher', 'parse-matcher']
const RULES_OF_ACCESS = [
  'actor',
  'api-key-secret',
  'authorize',
  'identity-cache',
  'jwt',
  'jwt-options',
  'parse-input',
  'parse-reason',
  'permissions',
  'person-text',
  'plain-token',
  'principal-named',
]

/** The modules, with the share of mutants in percent that tests must notice at least. */
export const MODULES = {
  routing: {
    least: 95,
    parts: {
      rules: { files: inFolder('routing', RULES_OF_ROUTING), tests: testsIn('routing', RULES_OF_ROUTING) },
      decisions: {
        files: inFolder('routing', [
          'admit',
          'check',
          'current-facts',
          'decide',
          'decide-by-prior',
          'journal-decision',
          'record-decision',
          'record-refusal',
          'rule-with-bypasses',
          'ruled-attempt',
        ]),
        tests: [
          ...testsIn('routing', [
            'busy-agent',
            'guard',
            'journal-decision',
            'repeated-attempts',
            'repeated-under-watch',
            'routes',
          ]),
          ...testsIn('bypasses', ['bypasses']),
        ],
      },
      bounds: {
        files: inFolder('routing', ['find-grant', 'guard', 'lease', 'limits', 'snapshot', 'stops', 'watched-run']),
        tests: [
          ...testsIn('routing', ['await-supervision', 'bounded-waits', 'guard', 'limits', 'routes', 'snapshot']),
          ...testsIn('executions', ['abort-on-change']),
        ],
      },
    },
  },
  permits: {
    least: 95,
    parts: {
      rules: {
        files: [
          ...inFolder('executions', RULES_OF_EXECUTIONS),
          ...inFolder('proposals', RULES_OF_PROPOSALS),
          ...inFolder('grants', RULES_OF_GRANTS),
        ],
        tests: [
          ...testsIn('executions', RULES_OF_EXECUTIONS),
          ...testsIn('proposals', RULES_OF_PROPOSALS),
          ...testsIn('grants', ['grantable', 'matcher']),
        ],
      },
      calls: {
        files: inFolder('executions', ['abort-on-change', 'keep-claim']),
        tests: testsIn('executions', ['abort-on-change', 'keep-claim']),
      },
      runs: {
        files: inFolder('executions', [
          'checkpoint',
          'claim',
          'lose-executions',
          'record-end',
          'release-claim',
          'report-outcome',
          'runner',
          'settle',
        ]),
        tests: [
          ...testsIn('executions', ['runner', 'report-outcome', 'run-evidence']),
          ...testsIn('routing', ['guard', 'repeated-attempts']),
        ],
      },
      approvals: {
        files: inFolder('proposals', [
          'approve-proposal',
          'follow-execution',
          'lost-approver',
          'redeem',
          'renew-version',
          'rule-on-proposal',
        ]),
        tests: testsIn('proposals', ['approval', 'approval-holds', 'redeem', 'repeated-approval', 'told-caller']),
      },
    },
  },
  access: {
    least: 90,
    parts: {
      rules: {
        files: inFolder('access', RULES_OF_ACCESS),
        tests: [...testsIn('access', [...RULES_OF_ACCESS, 'jwt-vectors'])],
      },
      acts: {
        files: inFolder('access', ['identify', 'keys', 'members', 'rotate-key', 'stream-tickets', 'workspaces']),
        tests: testsIn('access', ['credentials', 'rotation']),
      },
    },
  },
  maturity: {
    least: 90,
    parts: {
      rules: { files: inFolder('maturity', RULES_OF_MATURITY), tests: testsIn('maturity', RULES_OF_MATURITY) },
      evidence: {
        files: inFolder('maturity', [
          'count-evidence',
          'count-fact',
          'decay',
          'due-level',
          'earn',
          'open-record',
          'record-evidence',
          'transition',
        ]),
        tests: testsIn('maturity', ['count-evidence', 'decay', 'each-record', 'earned', 'ledger', 'maturity', 'trust']),
      },
      levels: {
        files: inFolder('maturity', [
          'assert-may-promote',
          'check-promotion',
          'close-incident',
          'demote',
          'demote-agent',
          'explain-promotion',
          'promote-agent',
          'record-incident',
        ]),
        tests: testsIn('maturity', ['check-promotion', 'each-record', 'maturity', 'people', 'rated-sign-off', 'trust']),
      },
    },
  },
}

function inFolder(folder, names) {
  return names.map((name) => `packages/core/src/${folder}/${name}.ts`)
}

function testsIn(folder, names) {
  return [`packages/core/src/${folder}/{${names.join(',')}}.test.ts`]
}
