import { type Check, shareFinding } from './checks/check.ts'
import { codeParses, fencesComplete } from './checks/code-parses.ts'
import { anchorOf, readMarkdown } from './checks/markdown.ts'
import { noSecrets } from './checks/no-secrets.ts'
import { sectionsWith } from './sections.ts'
import type { Strategy } from './strategy.ts'

/** Headings go down one level at a time, and one at most is the title. */
const headingsOrdered: Check = {
  name: 'headings-ordered',
  kind: 'structure',
  run({ answer }) {
    const levels = readMarkdown(answer).headings.map(({ level }) => level)
    if (levels.length === 0) return null
    const good = levels.filter((level, index) => {
      const before = levels[index - 1] ?? level
      const isSecondTitle = level === 1 && levels.indexOf(1) !== index
      return level <= before + 1 && !isSecondTitle
    }).length
    const reason =
      good === levels.length ? 'The headings are in order.' : 'A heading skips a level, or is a second title.'
    return shareFinding(good, levels.length, reason)
  },
}

/** Links have a text and a target; those within the page lead to a heading of it. */
const linksLead: Check = {
  name: 'links-lead',
  kind: 'structure',
  run({ answer }) {
    const { links, headings } = readMarkdown(answer)
    if (links.length === 0) return null
    const anchors = new Set(headings.map(({ text }) => `#${anchorOf(text)}`))
    const good = links.filter(({ text, target }) => {
      return text.trim() !== '' && target !== '' && (!target.startsWith('#') || anchors.has(target))
    }).length
    const reason =
      good === links.length ? 'Every link leads somewhere.' : 'A link has no text, no target, or no heading.'
    return shareFinding(good, links.length, reason)
  },
}

/** Pages that a reader finds a way through: headings, links, examples. */
export const documentation: Strategy = {
  agentType: 'documentation',
  criteria: [
    {
      name: 'structure',
      weight: 2,
      description: 'The reader finds what they look for by headings, in an order that builds up.',
    },
    { name: 'examples', weight: 1, description: 'What is explained is shown by an example that can be copied.' },
    {
      name: 'audience',
      weight: 1,
      description: 'It uses the words of its readers and explains those that they may not know.',
    },
  ],
  prompt: {
    template: 'improve-documentation',
    guidance: [
      'Say first what the thing is for, then how it is used, then the details.',
      'Show each use by an example in a fenced block that names its language.',
      'Link only to what is there.',
    ],
    sections: sectionsWith({ context: 'Product and readers' }),
  },
  checks: [headingsOrdered, linksLead, fencesComplete, codeParses, noSecrets],
}
