import { type Check, type CheckSubject, presenceFinding } from './checks/check.ts'
import { readMarkdown } from './checks/markdown.ts'
import { noSecrets } from './checks/no-secrets.ts'
import { bansPatterns } from './checks/patterns.ts'
import { sectionsWith } from './sections.ts'
import type { Strategy } from './strategy.ts'

// conventionalcommits.org, version 1.0.0
const HEADER = /^(?:feat|fix|docs|style|refactor|perf|test|build|ci|chore|revert)(?:\([\w./ -]+\))?!?: \S/
const LONGEST_HEADER = 72

/** A commit message: the first block that is one, else the answer, unless it is prose about something else. */
function messageOf({ answer }: CheckSubject): readonly string[] | null {
  const { blocks } = readMarkdown(answer)
  const stated = blocks.find(
    ({ language, code }) => /^commit$/.test(language) || (/^(?:text|txt|)$/.test(language) && HEADER.test(code)),
  )
  const lines = (stated?.code ?? answer).trim().split(/\r?\n/)
  const isMessage = stated !== undefined || (blocks.length === 0 && /^[\w-]+(?:\([^)\n]*\))?!?:/.test(lines[0] ?? ''))
  const isAsked = blocks.length === 0 && lines.length <= 30
  return isMessage || isAsked ? lines : null
}

const conventionalCommit: Check = {
  name: 'conventional-commit',
  kind: 'content',
  run(subject) {
    const lines = messageOf(subject)
    if (lines === null) return null
    const [header = '', gap = ''] = lines
    return presenceFinding({
      'a header such as "fix(cart): add the tax"': HEADER.test(header),
      [`a header of at most ${LONGEST_HEADER} characters`]: header.length <= LONGEST_HEADER,
      'an empty line after the header': gap.trim() === '',
    })
  },
}

const historyKept = bansPatterns({
  name: 'history-kept',
  kind: 'safety',
  codeOnly: false,
  clean: 'No command that loses work of others.',
  patterns: [
    { name: 'a push that overwrites', pattern: /\bgit\s+push\b[^\n]*\s(?:--force(?!-with-lease)\b|-f\b)/ },
    { name: 'a reset that discards', pattern: /\bgit\s+reset\b[^\n]*\s--hard\b/ },
    { name: 'a clean that deletes', pattern: /\bgit\s+clean\b[^\n]*\s-\w*f/ },
    { name: 'marks of a conflict', pattern: /^(?:<{7}|>{7}) /m },
  ],
})

/** Commits and histories that others can follow. */
export const versionControl: Strategy = {
  agentType: 'version_control',
  criteria: [
    {
      name: 'message_quality',
      weight: 2,
      description: 'The message says what changes and why, in the form of conventional commits.',
    },
    { name: 'atomicity', weight: 1, description: 'One change stands for itself and can be taken back alone.' },
    { name: 'history_safety', weight: 1, description: 'Nothing that others have is rewritten or lost.' },
  ],
  prompt: {
    template: 'improve-version-control',
    guidance: [
      'Write the header as type(scope): what changes, at most 72 characters; then an empty line, then why.',
      'Keep one change to a commit.',
      'Rewrite nothing that others may have.',
    ],
    sections: sectionsWith({ context: 'Repository and change' }),
  },
  checks: [conventionalCommit, historyKept, noSecrets],
}
