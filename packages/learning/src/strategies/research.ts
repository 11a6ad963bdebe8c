import { type Check, presenceFinding, shareFinding } from './checks/check.ts'
import { readMarkdown } from './checks/markdown.ts'
import { noSecrets } from './checks/no-secrets.ts'
import { sectionsWith } from './sections.ts'
import type { Strategy } from './strategy.ts'

const ADDRESS = /\bhttps?:\/\/[^\s)\]]+|\bdoi:\s*10\.\d{4,9}\/\S+|\b10\.\d{4,9}\/\S+|\barXiv:\d{4}\.\d{4,5}/i
const MARK = /\[(\d{1,3})\](?!\()/g
const ENTRY = /^[ \t]*(?:\[(\d{1,3})\]:?|(\d{1,3})[.)])[ \t]+\S/
const FIGURE = /\d+(?:\.\d+)?\s?(?:%|percent\b|million\b|billion\b|thousand\b)|\b(?:19|20)\d{2}\b/i
const CITES = /\[\d{1,3}\]|\bhttps?:\/\/|\([^()]*\b(?:19|20)\d{2}[a-z]?\)|\bdoi:/i

/** At least one source can be looked up, and every mark in the text has its entry in the list. */
const sourcesCited: Check = {
  name: 'sources-cited',
  kind: 'content',
  run({ answer }) {
    const { prose } = readMarkdown(answer)
    const entries = new Set(prose.map((line) => ENTRY.exec(line)).map((entry) => entry?.[1] ?? entry?.[2]))
    const text = prose.filter((line) => !ENTRY.test(line)).join('\n')
    const marks = [...text.matchAll(MARK)].map(([, mark]) => mark)
    return presenceFinding({
      'a source with an address': ADDRESS.test(answer),
      'an entry for each mark': marks.every((mark) => entries.has(mark)),
    })
  },
}

/** Paragraphs with figures say where these are from. */
const figuresCited: Check = {
  name: 'figures-cited',
  kind: 'content',
  run({ answer }) {
    const paragraphs = answer.split(/\n\s*\n/).filter((paragraph) => FIGURE.test(paragraph.replace(ADDRESS, '')))
    if (paragraphs.length === 0) return null
    const good = paragraphs.filter((paragraph) => CITES.test(paragraph)).length
    return shareFinding(
      good,
      paragraphs.length,
      `${good} of ${paragraphs.length} paragraphs with figures cite a source.`,
    )
  },
}

/** Findings whose sources can be looked up. */
export const research: Strategy = {
  agentType: 'research',
  criteria: [
    { name: 'sources', weight: 2, description: 'Claims rest on sources that are named and can be looked up.' },
    { name: 'depth', weight: 1, description: 'It goes beyond the obvious and weighs what speaks against it.' },
    { name: 'objectivity', weight: 1, description: 'What is known, what is assumed and what is open are kept apart.' },
  ],
  prompt: {
    template: 'improve-research',
    guidance: [
      'Name the source of each claim; invent none, and say where there is none.',
      'Keep apart what is known, what is assumed and what is open.',
      'Say what speaks against the conclusion.',
    ],
    sections: sectionsWith({ context: 'Question and scope' }),
  },
  checks: [sourcesCited, figuresCited, noSecrets],
}
