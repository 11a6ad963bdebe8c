import { GovernanceError } from '@preceptor/client'
import type { Template } from './template.ts'

const VARIABLE = /\{\{([a-z][a-z0-9_]*)\}\}/g
const LEFTOVER = /\{\{|\}\}/

/** The names of the variables of a template, each once. */
export function variablesOf(text: string): readonly string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map(([, name = '']) => name))]
}

/** Whether a text has braces that are no variable, such as a misspelled one. */
export function hasLooseBraces(text: string): boolean {
  return LEFTOVER.test(text.replace(VARIABLE, ''))
}

/**
 * Puts values into a template. What looks like a variable within a value is left as it is.
 *
 * @throws GovernanceError `INPUT_INVALID` for a variable without a value, and a value without a variable.
 */
export function renderTemplate({ name, text }: Template, values: Readonly<Record<string, string>>): string {
  const needed = variablesOf(text)
  const missing = needed.filter((variable) => !Object.hasOwn(values, variable))
  const unknown = Object.keys(values).filter((variable) => !needed.includes(variable))
  if (missing.length + unknown.length > 0) {
    const problems = [
      ...missing.map((variable) => `has no value for "${variable}"`),
      ...unknown.map((variable) => `has no variable "${variable}"`),
    ]
    throw new GovernanceError('INPUT_INVALID', { message: `The template "${name}" ${problems.join(' and ')}.` })
  }
  return text.replace(VARIABLE, (_, variable: string) => values[variable] ?? '')
}
