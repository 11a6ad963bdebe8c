import { GovernanceError, type JsonObject, MATURITIES, RISKS } from '@preceptor/client'
import { sensitivePathsOf } from '../journal/redact-schema.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { argsContract } from './args-validator.ts'
import type { ActionSpecification, HostAction } from './registered-action.ts'

const NAME = /^[A-Za-z0-9_][A-Za-z0-9._:/-]{0,127}$/
// Names that objects carry of themselves: a table keyed by action name must never answer for them.
const RESERVED = new Set(['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty'])

/** Tells whether a text can be the name of an action. */
function isActionName(name: string): boolean {
  return NAME.test(name) && !RESERVED.has(name)
}

/**
 * Completes a declaration with its defaults and its digest.
 *
 * @throws GovernanceError `INPUT_INVALID` naming the action and what is wrong with it.
 */
export function specifyAction(name: string, definition: HostAction): ActionSpecification {
  if (!isActionName(name))
    throw invalid(name, 'the name must be 1 to 128 letters, digits or ._-:/ and no reserved word')
  const {
    risk = 'high',
    ceiling = 'autonomous',
    idempotent = false,
    asksPeople = false,
    description = null,
  } = definition
  if (!RISKS.includes(risk)) throw invalid(name, `risk must be one of ${RISKS.join(', ')}`)
  if (!MATURITIES.includes(ceiling)) throw invalid(name, `ceiling must be one of ${MATURITIES.join(', ')}`)
  if (typeof idempotent !== 'boolean') throw invalid(name, 'idempotent must be true or false')
  if (typeof asksPeople !== 'boolean') throw invalid(name, 'asksPeople must be true or false')
  for (const part of ['execute', 'summary', 'preview'] as const) {
    if (definition[part] === undefined || typeof definition[part] === 'function') continue
    throw invalid(name, `${part} must be a function`)
  }
  const capability = definition.capability ?? defaultCapability(name)
  if (!isActionName(capability)) throw invalid(name, 'capability must be 1 to 128 letters, digits or ._-:/')
  const contract = argsContract(name, definition.args)
  // What is no question has the digest that it always had.
  const question = asksPeople ? { asksPeople } : {}
  const declared = { name, risk, capability, idempotent, ceiling, argsSchema: contract.schema, ...question }
  return {
    ...declared,
    asksPeople,
    description,
    digest: hashCanonical(declared satisfies JsonObject),
    sensitivePaths: contract.schema === null ? [] : sensitivePathsOf(contract.schema),
    isValidatedByCode: contract.isCode,
    validate: contract.validate,
    execute: definition.execute ?? null,
    summary: definition.summary ?? null,
    preview: definition.preview ?? null,
  }
}

function defaultCapability(name: string): string {
  return name.split('.', 1)[0] ?? name
}

function invalid(name: string, problem: string): GovernanceError {
  return new GovernanceError('INPUT_INVALID', { message: `Action ${JSON.stringify(name)}: ${problem}.` })
}
