import { type Check, shareFinding } from './checks/check.ts'
import { codeParses } from './checks/code-parses.ts'
import { hasFields, hasSteps, label } from './checks/fields.ts'
import { noSecrets } from './checks/no-secrets.ts'
import { sectionsWith } from './sections.ts'
import type { Strategy } from './strategy.ts'

const EXPECTED = label('expected(?: results?| behaviou?r| outcome)?')
const STEP_SECTIONS = hasFields('case-complete', {
  steps: hasSteps,
  'what is expected': ({ answer }) =>
    EXPECTED.test(answer) || /\b(?:expect|assert)\w*\s*[(.]|^[ \t]*then\b/im.test(answer),
})

/** A test case has steps and what is expected; a test that is code has assertions instead. */
const caseComplete: Check = {
  ...STEP_SECTIONS,
  run: (subject) => (/\b(?:expect|assert)\w*\s*[(.]/.test(subject.answer) ? null : STEP_SECTIONS.run(subject)),
}

/** Whoever tests says what happens at a limit or with bad input too. */
const edgesNamed: Check = {
  name: 'edges-named',
  kind: 'content',
  run({ answer }) {
    const edges = [/\b(?:empty|null|missing|blank|none)\b/i, /\b(?:invalid|wrong|malformed|error|reject\w*|fail\w*)\b/i]
    const limits = /\b(?:boundar\w+|limit|minimum|maximum|min|max|zero|negative|longest|too (?:long|large|many))\b/i
    const good = [...edges, limits].filter((pattern) => pattern.test(answer)).length
    return shareFinding(good, edges.length + 1, `${good} of 3 kinds of edges are named: nothing, bad input, limits.`)
  },
}

/** Test cases that somebody else can repeat. */
export const qa: Strategy = {
  agentType: 'qa',
  criteria: [
    { name: 'coverage', weight: 2, description: 'The usual case, the limits and bad input are covered.' },
    { name: 'reproducibility', weight: 1, description: 'Somebody else gets the same result from the steps.' },
    { name: 'assertions', weight: 1, description: 'What is expected is exact enough that the test can fail.' },
  ],
  prompt: {
    template: 'improve-qa',
    guidance: [
      'Number the steps, and state what is expected and what was seen.',
      'Add the limits, missing input and bad input.',
      'Expect something exact, so that the test can fail.',
    ],
    sections: sectionsWith({ context: 'What is tested' }),
  },
  checks: [caseComplete, edgesNamed, codeParses, noSecrets],
}
