import { type Check, presenceFinding } from './checks/check.ts'
import { codeParses, fencesComplete } from './checks/code-parses.ts'
import { noSecrets } from './checks/no-secrets.ts'
import { sectionsWith } from './sections.ts'
import type { Strategy } from './strategy.ts'

const SHORTEST_REPEATED = 20

/** It says something, says nothing twice, and does not speak of being a model instead. */
const saysSomething: Check = {
  name: 'says-something',
  kind: 'content',
  run({ answer }) {
    const sentences = answer
      .split(/(?<=[.!?])\s+|\n+/)
      .map((sentence) => sentence.trim().toLowerCase())
      .filter((sentence) => sentence.length >= SHORTEST_REPEATED)
    return presenceFinding({
      'words of its own': /\p{L}{2,}/u.test(answer),
      'each sentence once': new Set(sentences).size === sentences.length,
      'an answer instead of talk about the model': !/\bas an? (?:AI|large)\b[^\n]{0,20}\bmodel\b/i.test(answer),
    })
  },
}

/** For every type of agent that has no strategy of its own. */
export const generic: Strategy = {
  agentType: 'generic',
  criteria: [],
  prompt: {
    template: 'improve-generic',
    guidance: ['Change what the correction names, and keep what was right.', 'Say only what you know.'],
    sections: sectionsWith(),
  },
  checks: [saysSomething, codeParses, fencesComplete, noSecrets],
}
