// What a sentence says is for people; tests hold to codes and facts. Only whole sentences are left out: a text that a
// program compares (a code, a state, a kind) stands elsewhere and is mutated like everything else.
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'

const SENTENCES = new Set(['message', 'hint', 'reason', 'what'])
const WHY = 'a sentence for people'

const ignorer = {
  shouldIgnore(path) {
    if (isSql(path)) return 'SQL, which the database runs and the fault run breaks'
    if (isOnlySentences(path)) return WHY
    if (!path.isStringLiteral() && !path.isTemplateLiteral()) return undefined
    return isSentenceOf(path) || isMessageOfSchema(path) || isMessageOfError(path) ? WHY : undefined
  },
}

function isSql(path) {
  return path.isTaggedTemplateExpression() && path.node.tag.name === 'sql'
}

/** `{ message: … }`, with nothing else that a program could read. */
function isOnlySentences(path) {
  if (!path.isObjectExpression() || path.node.properties.length === 0) return false
  return path.node.properties.every(({ key }) => SENTENCES.has(key?.name))
}

/** `new Error(…)`, which has no code. */
function isMessageOfError(path) {
  const { parentPath } = path
  return parentPath?.isNewExpression() === true && parentPath.node.callee.name === 'Error'
}

/** The value of `message:` and the like, also through a choice of two, or `const reason = …`. */
function isSentenceOf(path) {
  let place = path
  while (place.parentPath?.isConditionalExpression() || place.parentPath?.isLogicalExpression())
    place = place.parentPath
  const { parentPath } = place
  if (parentPath?.isObjectProperty())
    return parentPath.node.value === place.node && SENTENCES.has(parentPath.node.key.name)
  return parentPath?.isVariableDeclarator() === true && SENTENCES.has(parentPath.node.id.name)
}

/** The last argument of a method of a schema, such as `.regex(pattern, 'use letters')`. */
function isMessageOfSchema(path) {
  const { parentPath } = path
  if (!parentPath?.isCallExpression() || parentPath.node.arguments.length < 2) return false
  const { callee, arguments: given } = parentPath.node
  return given.at(-1) === path.node && ['regex', 'refine', 'check'].includes(callee.property?.name)
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'texts', ignorer)]
