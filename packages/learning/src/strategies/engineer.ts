import { codeParses, fencesComplete } from './checks/code-parses.ts'
import { noSecrets } from './checks/no-secrets.ts'
import { bansPatterns } from './checks/patterns.ts'
import { sectionsWith } from './sections.ts'
import type { Strategy } from './strategy.ts'

const codeComplete = bansPatterns({
  name: 'code-complete',
  kind: 'content',
  codeOnly: true,
  clean: 'Nothing is left to be filled in.',
  patterns: [
    { name: 'a mark of work that is left', pattern: /\b(?:TODO|FIXME|XXX)\b/ },
    {
      name: 'code that is left out',
      pattern: /(?:\/\/|#|\/\*)[ \t]*(?:\.{3}|…|rest of|your code here|implement(?:ation)? (?:me|here|goes))/i,
    },
    { name: 'an error that is swallowed', pattern: /catch\s*(?:\(\s*\w*\s*\))?\s*\{\s*\}|except[^\n:]*:\s*pass\b/ },
  ],
})

/** Code that runs, handles its errors, and leaves nothing to be filled in. */
export const engineer: Strategy = {
  agentType: 'engineer',
  criteria: [
    {
      name: 'code_quality',
      weight: 2,
      description: 'The code is readable, typed where the language has types, and no longer than needed.',
    },
    { name: 'error_handling', weight: 1, description: 'Bad input and failures are handled where they happen.' },
    { name: 'testability', weight: 1, description: 'The behaviour can be tested, or tests come with it.' },
  ],
  prompt: {
    template: 'improve-engineer',
    guidance: [
      'Give whole code that runs as it stands: imports included, nothing left out.',
      'Change what the correction names, and keep what was right.',
      'Handle bad input and failures; swallow no error.',
    ],
    sections: sectionsWith({ context: 'Language, framework and surroundings' }),
  },
  checks: [codeParses, fencesComplete, codeComplete, noSecrets],
}
