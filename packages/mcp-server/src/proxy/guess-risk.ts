import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import type { Risk } from '@preceptor/client'

/** A guess, and what it was made by. */
export interface RiskGuess {
  readonly risk: Risk
  readonly note: string
}

const READING =
  /(^|[_.-])(get|list|read|search|find|fetch|show|describe|count|query|view|head|stat|status|tree|info)([_.-]|$)/
const DESTRUCTIVE =
  /(^|[_.-])(delete|remove|drop|destroy|purge|wipe|truncate|revoke|terminate|kill|reset|force)([_.-]|$)/
const GRAVE =
  /(^|[_.-])(pay|payment|refund|transfer|charge|purchase|withdraw|exec|execute|eval|shell|bash|run|deploy|sudo|grant|permission|secret|password|credential|token|send|email|publish|post)([_.-]|$)/
const GRAVE_ARGS =
  /^(amount|price|iban|card|recipient|recipients|to|command|code|script|sql|query|url|password|token)$/i

/**
 * Guesses what harm a tool can do, from what it says of itself. A guess is where a person begins: annotations are the word
 * of the server, so none makes a tool safe whose name or arguments say otherwise.
 */
export function guessRisk({ name, annotations = {}, inputSchema }: Tool): RiskGuess {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  const args = Object.keys(inputSchema.properties ?? {}).filter((arg) => GRAVE_ARGS.test(arg))
  if (DESTRUCTIVE.test(words)) return { risk: 'critical', note: 'Its name says that it takes something away.' }
  if (GRAVE.test(words))
    return { risk: 'critical', note: 'Its name says that it pays, sends, runs or permits something.' }
  if (annotations.readOnlyHint === true) {
    if (args.length > 0 && annotations.openWorldHint !== false)
      return { risk: 'medium', note: `It says that it only reads, and takes ${args.join(', ')}.` }
    return { risk: 'safe', note: 'It says that it only reads.' }
  }
  if (annotations.readOnlyHint === undefined && READING.test(words))
    return { risk: 'medium', note: 'Its name says that it reads; the server does not.' }
  if (annotations.destructiveHint === false) return { risk: 'medium', note: 'It says that it takes nothing away.' }
  return { risk: 'high', note: 'It changes something, and does not say that this can be undone.' }
}
