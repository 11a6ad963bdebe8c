import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { JsonObject, JsonValue } from '@preceptor/client'
import { Document, isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml'
import { rewriteFile } from '../replace-file.ts'
import { policyOf } from './read-policy-file.ts'

const HEAD = '# yaml-language-server: $schema=./policy.schema.json\n# preceptor policy schema > policy.schema.json\n'
const MODE = 0o644

/**
 * Brings a policy file to a document: what is the same there stays as it is written, with its comments. False where
 * nothing had to change.
 *
 * @throws GovernanceError `POLICY_INVALID` for a file that is no policy: what it says would be lost unread.
 */
export async function pullInto(path: string, document: JsonObject): Promise<boolean> {
  const isJson = path.endsWith('.json')
  if (!existsSync(path)) {
    await rewriteFile(path, isJson ? `${JSON.stringify(document, null, 2)}\n` : `${HEAD}${stringify(document)}`, MODE)
    return true
  }
  await policyOf(path)
  const before = await readFile(path, 'utf8')
  const text = isJson ? mergedJson(before, document) : mergedYaml(before, document)
  if (text === before) return false
  await rewriteFile(path, text, MODE)
  return true
}

function mergedJson(before: string, document: JsonObject): string {
  const { $schema, ...was } = JSON.parse(before)
  if (isSame(was, document)) return before
  return `${JSON.stringify({ ...($schema === undefined ? {} : { $schema }), ...document }, null, 2)}\n`
}

/** A document in the place of the one that a YAML text is. */
export function mergedYaml(before: string, document: JsonObject): string {
  const parsed = parseDocument(before, { merge: false })
  const yaml: Document = isMap(parsed.contents) ? (parsed as Document) : withComments(parsed as Document)
  const { $schema, ...was } = Object(yaml.toJS() ?? {})
  if (isSame(was, document)) return before
  put(yaml, [], $schema === undefined ? document : { $schema, ...document })
  return yaml.toString({ lineWidth: 120 })
}

/** A file of comments alone keeps them. */
function withComments({ commentBefore, comment }: Document): Document {
  const yaml = new Document({})
  yaml.commentBefore = commentBefore ?? comment
  return yaml
}

type Path = readonly (string | number)[]

function put(yaml: Document, path: Path, value: JsonValue): void {
  const node = path.length === 0 ? yaml.contents : yaml.getIn(path, true)
  const present: unknown = node === null || node === undefined ? undefined : Object(node).toJS?.(yaml)
  if (isSame(present, value)) return
  if (isMap(node) && isObject(value)) {
    const names = node.items.map(({ key }) => String(Object(key).value))
    for (const name of names.filter((known) => !Object.hasOwn(value, known))) yaml.deleteIn([...path, name])
    for (const [name, item] of Object.entries(value)) put(yaml, [...path, name], item)
    return
  }
  if (isSeq(node) && Array.isArray(value)) {
    for (let index = node.items.length - 1; index >= value.length; index -= 1) yaml.deleteIn([...path, index])
    value.forEach((item: JsonValue, index) => {
      if (index < node.items.length) put(yaml, [...path, index], item)
      else yaml.addIn(path, yaml.createNode(item))
    })
    return
  }
  // A scalar that stays one keeps the comment beside it.
  if (isScalar(node) && (typeof value !== 'object' || value === null)) node.value = value
  else yaml.setIn(path, yaml.createNode(value))
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return entries.map(([key, item]) => [key, sorted(item)])
}
