/**
 * What is mutated and which tests must notice, by module. The rules of a module are pure and are held to by tests that
 * open no database; its acts need one. SQL (the stores) is left to the fault run, which breaks it by name.
 */
export const MODULES = {
  maturity: {
    least: 90,
    parts: {
      rules: {
        files: inFolder('maturity', [
          'agent-at',
          'apply-delta',
          'bands',
          'change-detector',
          'evidence',
          'gain-caps',
          'levels',
          'promotion-evidence',
          'promotion-gates',
        ]),
        tests: [
          'packages/core/src/maturity/{apply-delta,bands,change-detector,evidence,levels,promotion-evidence,promotion-gates,gain-caps,agent-at}.test.ts',
        ],
      },
    },
  },
}

function inFolder(folder, names) {
  return names.map((name) => `packages/core/src/${folder}/${name}.ts`)
}
