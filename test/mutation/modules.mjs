// What is mutated, and which tests must notice, by module: its rules, which are pure, and so are their tests. What reads and
// writes is broken by the fault run, a guard at a time.
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
  'decide-by-prior',
  'limit-rule',
  'make-decision',
  'matrix',
  'parse-facts',
  'parse-trigger',
  'resolve-action',
  'ruling',
  'stop-for',
  'time-left',
]
const RULES_OF_EXECUTIONS = [
  'answer-to',
  'changes-since',
  'drain-calls',
  'earns-at',
  'has-changed',
  'running-calls',
  'shown-run',
  'storable-outcome',
]
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
    files: inFolder('routing', RULES_OF_ROUTING),
    tests: testsIn('routing', [...RULES_OF_ROUTING, 'ruling-cases']),
  },
  permits: {
    least: 95,
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
  access: {
    least: 90,
    files: inFolder('access', RULES_OF_ACCESS),
    tests: testsIn('access', [...RULES_OF_ACCESS, 'jwt-vectors']),
  },
  maturity: {
    least: 90,
    files: inFolder('maturity', RULES_OF_MATURITY),
    tests: testsIn('maturity', RULES_OF_MATURITY),
  },
}

function inFolder(folder, names) {
  return names.map((name) => `packages/core/src/${folder}/${name}.ts`)
}

function testsIn(folder, names) {
  return [`packages/core/src/${folder}/{${names.join(',')}}.test.ts`]
}
