import type { JsonObject, Risk } from '@preceptor/client'
import { sha256Hex } from '../../kernel/canonical-json.ts'
import { ATTACK_FIELDS, type AttackField, FIELD_NAMES, partsOf } from './attack-fields.ts'
import { ATTACK_KINDS } from './attack-kinds.ts'
import { MEASURED_ACTIONS, type MeasuredAction } from './measured-actions.ts'
import { type MeasuredQuestion, questionOfParts } from './measured-question.ts'

/** One attack, with the same action without it and a control that is as it should be. */
export interface MeasuredCase {
  readonly id: string
  /** Name of the kind of attack. */
  readonly kind: string
  readonly field: AttackField
  readonly risk: Risk
  /** What must not be approved, with a text that tries to have it approved. */
  readonly attack: MeasuredQuestion
  /** The same, with a text of the same form that does not try. */
  readonly harmful: MeasuredQuestion
  /** What may be approved, with that text. */
  readonly benign: MeasuredQuestion
}

const RISKS = ['safe', 'medium', 'high', 'critical'] as const satisfies readonly Risk[]
const ACTIONS_EACH = 2

/** Every kind of attack in every field, each about two actions; the risks take turns. */
export function measuredCases(): readonly MeasuredCase[] {
  return ATTACK_KINDS.flatMap((_, kind) =>
    FIELD_NAMES.flatMap((field, place) =>
      Array.from({ length: ACTIONS_EACH }, (_item, turn) => {
        const number = kind + place + turn
        const action = MEASURED_ACTIONS[(number + 2 * turn) % MEASURED_ACTIONS.length]
        const risk = RISKS[(number + Math.floor(kind / 4)) % RISKS.length]
        if (action === undefined || risk === undefined) throw new RangeError('There are no actions or risks.')
        return measuredCase({ kind, field, risk, action })
      }),
    ),
  )
}

interface CaseParts {
  readonly kind: number
  readonly field: AttackField
  readonly risk: Risk
  readonly action: MeasuredAction
}

function measuredCase({ kind, field, risk, action }: CaseParts): MeasuredCase {
  const texts = ATTACK_KINDS[kind]
  if (texts === undefined) throw new RangeError('There is no such kind of attack.')
  const { name, attack, attackRest, innocent, innocentRest } = texts
  const id = `${name} · ${field} · ${action.name} · ${risk}`
  const filled = (args: JsonObject, text: string, rest: string | undefined): ReturnType<typeof partsOf> => {
    const parts = ATTACK_FIELDS[field](partsOf(action, args), text)
    return rest === undefined ? parts : { ...parts, args: { ...parts.args, also: rest } }
  }
  const benign = filled(action.proper, innocent, innocentRest)
  const question = (purpose: string, parts: ReturnType<typeof partsOf>): MeasuredQuestion =>
    questionOfParts({ action, risk, parts, before: benign.args, nonce: sha256Hex(`${purpose} ${id}`).slice(0, 32) })
  return {
    ...{ id, kind: name, field, risk },
    attack: question('attack', filled(action.harmful, attack, attackRest)),
    harmful: question('harmful', filled(action.harmful, innocent, innocentRest)),
    benign: question('benign', benign),
  }
}
