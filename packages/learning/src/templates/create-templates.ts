import { GovernanceError } from '@preceptor/client'
import { BUILT_IN_TEMPLATES } from './built-in-templates.ts'
import { hasLooseBraces, renderTemplate, variablesOf } from './render-template.ts'
import type { Template } from './template.ts'

/** The templates of prompts. */
export interface Templates {
  readonly names: readonly string[]
  /** @throws GovernanceError `OPTION_INVALID` for a name that is not registered. */
  variablesOf(name: string): readonly string[]
  /**
   * @throws GovernanceError `OPTION_INVALID` for a name that is not registered, `INPUT_INVALID` for a variable without a value and a
   * value without a variable.
   */
  render(name: string, values: Readonly<Record<string, string>>): string
}

const NAME = /^[a-z][a-z0-9-]{0,59}$/

/**
 * Makes the register of prompt templates: one to improve by for each built-in strategy, named such as `improve-engineer`; `evaluate`; and
 * the own ones. One that replaces a built-in one has the same variables.
 *
 * @throws GovernanceError `OPTION_INVALID` for a name that is not kebab-case or stands twice, braces that are no variable, and a
 * replacement with other variables.
 *
 * @example
 * ```ts
 * import { createTemplates } from '@preceptor/learning'
 *
 * const templates = createTemplates({ own: [{ name: 'greet', text: 'Greet {{person}}.' }] })
 * console.log(templates.render('greet', { person: 'Ana' }))
 * ```
 */
export function createTemplates({ own = [] }: { readonly own?: readonly Template[] } = {}): Templates {
  const builtIn = new Map(BUILT_IN_TEMPLATES.map((template) => [template.name, template]))
  own.forEach((template, index) => {
    const problem = problemOf(template, builtIn.get(template.name))
    const isTwice = own.findIndex(({ name }) => name === template.name) !== index
    if (problem === null && !isTwice) return
    const message = `The template "${template.name}" ${problem ?? 'is registered twice'}.`
    throw new GovernanceError('OPTION_INVALID', { message })
  })
  const templates = new Map([...builtIn, ...own.map((template) => [template.name, template] as const)])
  const get = (name: string): Template => {
    const template = templates.get(name)
    if (template !== undefined) return template
    throw new GovernanceError('OPTION_INVALID', { message: `The template "${name}" is not registered.` })
  }
  return {
    names: [...templates.keys()],
    variablesOf: (name) => variablesOf(get(name).text),
    render: (name, values) => renderTemplate(get(name), values),
  }
}

function problemOf({ name, text }: Template, replaced: Template | undefined): string | null {
  if (!NAME.test(name)) return 'needs a name in kebab-case'
  if (hasLooseBraces(text)) return 'has braces that are no variable such as {{name}}'
  if (replaced === undefined) return null
  const [given, needed] = [text, replaced.text].map((one) => [...variablesOf(one)].sort().join(', '))
  return given === needed ? null : `needs the variables ${needed}`
}
