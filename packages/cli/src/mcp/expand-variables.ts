/** How a program writes variables in its file: `${NAME}` and `${NAME:-default}`, or `${env:NAME}` and what editors know. */
export type VariableForm = 'shell' | 'editor'

/** What variables stand for. */
export interface Surroundings {
  readonly forms: readonly VariableForm[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** Folder of the project. */
  readonly folder: string
}

/** A value with its variables replaced. */
export interface Expanded {
  readonly value: unknown
  /** Names that nothing is known of. */
  readonly missing: readonly string[]
  /** What the program asks a person for. */
  readonly asked: readonly string[]
}

const VARIABLE = /\$\{([^{}]*)\}/g
const IN_SHELL = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s
const IN_EDITOR = /^(env|input):(.+)$/

/** Replaces the variables in every text of a value, once: what stands in a variable is not looked at again. */
export function expandVariables(value: unknown, surroundings: Surroundings): Expanded {
  const [missing, asked] = [new Set<string>(), new Set<string>()]
  const replace = (whole: string, body: string): string => {
    const found = lookUp(body, surroundings)
    if (found.kind === 'text') return found.text
    if (found.kind === 'missing') missing.add(found.name)
    if (found.kind === 'asked') asked.add(found.name)
    return whole
  }
  const expanded = eachText(value, (text) => text.replaceAll(VARIABLE, replace))
  return { value: expanded, missing: [...missing], asked: [...asked] }
}

type Found =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' | 'asked'; readonly name: string }
  | { readonly kind: 'unknown' }

function lookUp(body: string, { forms, env, home, folder }: Surroundings): Found {
  const ofEnv = (name: string, instead?: string): Found => {
    const text = env[name] ?? instead
    return text === undefined ? { kind: 'missing', name } : { kind: 'text', text }
  }
  if (forms.includes('editor')) {
    const [, kind, name = ''] = IN_EDITOR.exec(body) ?? []
    if (kind === 'env') return ofEnv(name)
    if (kind === 'input') return { kind: 'asked', name }
    if (body === 'userHome') return { kind: 'text', text: home }
    if (body === 'workspaceFolder') return { kind: 'text', text: folder }
  }
  const [, name, instead] = (forms.includes('shell') && IN_SHELL.exec(body)) || []
  return name === undefined ? { kind: 'unknown' } : ofEnv(name, instead)
}

function eachText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one) => eachText(one, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, eachText(one, change)]))
}
