import { readFile, stat } from 'node:fs/promises'
import { GovernanceError } from '@preceptor/client'
import { type PolicyDocument, type PolicyProblem, readPolicyDocument } from '@preceptor/core'
import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Pair, parseDocument } from 'yaml'
import { hintFor, yamlProblems } from './yaml-problems.ts'

const MOST_BYTES = 1_048_576

/** What is wrong with a policy file, and where a person finds it. */
export interface FileProblem {
  /** From 1 on. */
  readonly line: number
  /** From 1 on. */
  readonly column: number
  /** The field, such as `actions.refund.create.risk`; null where the file is no document at all. */
  readonly field: string | null
  readonly message: string
}

/** A policy file that was read: its document, or what keeps it from being one. */
export type PolicyFile =
  | { readonly document: PolicyDocument; readonly problems: readonly [] }
  | { readonly document: null; readonly problems: readonly FileProblem[] }

/**
 * Reads a policy file from disk; nothing in it is run.
 *
 * @throws GovernanceError `OPTION_INVALID` for a file that cannot be read.
 */
export async function readPolicyFile(path: string): Promise<PolicyFile> {
  return parsePolicyFile(await textOfFile(path))
}

/**
 * The document of a policy file that must be one.
 *
 * @throws GovernanceError `OPTION_INVALID`, and `POLICY_INVALID` with line and column of everything that is wrong.
 */
export async function policyOf(path: string): Promise<PolicyDocument> {
  const { document, problems } = await readPolicyFile(path)
  if (document !== null) return document
  throw new GovernanceError('POLICY_INVALID', {
    message: `${path} is no valid policy: ${problems.map((problem) => describeProblem(path, problem)).join('; ')}.`,
    details: { problems: problems.map((problem) => ({ ...problem })) },
  })
}

/** A problem in one line, by which editors and terminals jump to its place. */
export function describeProblem(path: string, { line, column, field, message }: FileProblem): string {
  return `${path}:${line}:${column}: ${field === null ? '' : `${field}: `}${message}`
}

/** Reads the text of a policy file: YAML 1.2, and so JSON; `$schema` is for the editor and no part of the policy. */
export function parsePolicyFile(text: string): PolicyFile {
  const counter = new LineCounter()
  const at = (offset: number): Pick<FileProblem, 'line' | 'column'> => {
    const { line, col } = counter.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const wrong = yamlProblems(text, counter)
  if (wrong.length > 0) {
    return { document: null, problems: wrong.map(({ offset, ...problem }) => ({ ...at(offset), ...problem })) }
  }
  const yaml = parseDocument(text, { merge: false })
  const { $schema: _, ...plain } = Object(yaml.toJS() ?? {})
  const whole: unknown = isMap(yaml.contents) || yaml.contents === null ? plain : yaml.toJS()
  const { document, problems } = readPolicyDocument(whole)
  if (document !== null) return { document, problems: [] }
  return {
    document: null,
    problems: problems.map((problem) => ({ ...at(offsetOf(yaml, problem)), ...told(yaml, problem) })),
  }
}

async function textOfFile(path: string): Promise<string> {
  const unreadable = (cause: NodeJS.ErrnoException): never => {
    const message = `${path} cannot be read (${cause.code ?? cause.message}).`
    throw new GovernanceError('OPTION_INVALID', { message })
  }
  const { size } = await stat(path).catch(unreadable)
  if (size > MOST_BYTES) {
    throw new GovernanceError('OPTION_INVALID', {
      message: `${path} has ${size} bytes; at most ${MOST_BYTES} are read.`,
    })
  }
  return readFile(path, 'utf8').catch(unreadable)
}

function told(yaml: Document, { path, message }: PolicyProblem): Pick<FileProblem, 'field' | 'message'> {
  const value = yaml.getIn(path, true)
  const hint = hintFor(isScalar(value) ? value : null, message)
  return { field: path.length === 0 ? null : path.join('.'), message: `${message}${hint}` }
}

/** Where a problem stands: at its value; at its key, where the name is what is wrong; else at what should hold it. */
function offsetOf(yaml: Document, { path, message }: PolicyProblem): number {
  for (let length = path.length; length > 0; length -= 1) {
    const pair = pairAt(yaml, path.slice(0, length))
    if (pair === undefined) continue
    const isName = length === path.length && /^there is no field|^it is no name|^no action/.test(message)
    const node = isName || !isNode(pair.value) ? pair.key : pair.value
    if (isNode(node) && node.range) return node.range[0]
  }
  const { contents } = yaml
  return isNode(contents) && contents.range ? contents.range[0] : 0
}

function pairAt(yaml: Document, path: readonly (string | number)[]): Pick<Pair, 'key' | 'value'> | undefined {
  const holder = path.length === 1 ? yaml.contents : yaml.getIn(path.slice(0, -1), true)
  const last = path.at(-1)
  if (isSeq(holder) && typeof last === 'number')
    return holder.items[last] ? { key: null, value: holder.items[last] } : undefined
  if (!isMap(holder)) return undefined
  return holder.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(last))
}
