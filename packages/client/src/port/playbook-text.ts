import type { EffectivePlaybook } from '../resources/playbooks.ts'

/**
 * A playbook as a model is told it: its instructions, then its examples, one a line as JSON, so that no text in one can look
 * like the end of it. What tests a version and what a runtime loads are the same text.
 */
export function playbookText({ instructions, examples }: Pick<EffectivePlaybook, 'instructions' | 'examples'>): string {
  if (examples.length === 0) return instructions
  const lines = examples.map(({ input, output, note }) => JSON.stringify({ input, output, note }))
  return [instructions, '', 'Examples of what was asked and how it is answered well:', ...lines].join('\n')
}
