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
const RULES_OF_EXECUTIONS = ['drain-calls', 'has-changed', 'running-calls', 'storable-outcome']
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
      acts: {
        files: inFolder('routing', [
          'admit',
          'check',
          'current-facts',
          'decide',
          'decide-by-prior',
          'find-grant',
          'guard',
          'journal-decision',
          'lease',
          'limits',
          'record-decision',
          'record-refusal',
          'rule-with-bypasses',
          'ruled-attempt',
          'snapshot',
          'stops',
          'watched-run',
        ]),
        tests: ['packages/core/src/routing/*.test.ts', 'packages/core/src/bypasses/*.test.ts'],
      },
    },
  },
  permits: {
    least: 95,
    parts: {
      rules: {
        files: inFolder('executions', RULES_OF_EXECUTIONS),
        tests: testsIn('executions', RULES_OF_EXECUTIONS),
      },
      acts: {
        files: [
          ...inFolder('executions', [
            'abort-on-change',
            'checkpoint',
            'claim',
            'keep-claim',
            'lose-executions',
            'record-end',
            'release-claim',
            'report-outcome',
            'runner',
            'settle',
          ]),
          ...inFolder('proposals', [
            'action-hash',
            'approve-proposal',
            'follow-execution',
            'lost-approver',
            'next-version',
            'redeem',
            'renew-version',
            'rule-on-proposal',
          ]),
        ],
        tests: [
          'packages/core/src/executions/*.test.ts',
          'packages/core/src/proposals/{approval,approval-holds,race,redeem,repeated-approval,told-caller}.test.ts',
        ],
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
        tests: ['packages/core/src/access/*.test.ts'],
      },
    },
  },
  maturity: {
    least: 90,
    parts: {
      rules: { files: inFolder('maturity', RULES_OF_MATURITY), tests: testsIn('maturity', RULES_OF_MATURITY) },
      acts: {
        files: inFolder('maturity', [
          'assert-may-promote',
          'check-promotion',
          'close-incident',
          'count-evidence',
          'count-fact',
          'decay',
          'demote',
          'demote-agent',
          'due-level',
          'earn',
          'explain-promotion',
          'open-record',
          'promote-agent',
          'record-evidence',
          'record-incident',
          'transition',
        ]),
        tests: ['packages/core/src/maturity/*.test.ts'],
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
