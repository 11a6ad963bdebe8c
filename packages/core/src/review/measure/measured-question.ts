import type { JsonObject, Risk } from '@preceptor/client'
import { hashCanonical, sha256Hex } from '../../kernel/canonical-json.ts'
import type { ReviewFacts } from '../../meta-agent/review-facts.ts'
import type { ChatMessage } from '../../models/chat-model.ts'
import { messagesOf, questionOf } from '../review-question.ts'
import type { MeasuredParts } from './attack-fields.ts'
import type { MeasuredAction } from './measured-actions.ts'

/** What a reviewer goes by in a measurement, made as for a proposal. */
export interface MeasuredQuestion {
  readonly facts: ReviewFacts
  readonly messages: readonly ChatMessage[] | undefined
}

/** What a question of a measurement is made of. */
export interface QuestionParts {
  readonly action: MeasuredAction
  readonly risk: Risk
  readonly parts: MeasuredParts
  /** Args that people approved three times before: rules judge by nothing else. */
  readonly before: JsonObject
  readonly nonce: string
}

/** Makes the question as the reviewer of a proposal is asked it. */
export function questionOfParts(input: QuestionParts): MeasuredQuestion {
  const facts = factsOf(input)
  const question = questionOf(facts, { when: { source: input.parts.when }, limits: [] })
  return { facts, messages: messagesOf(question, input.nonce) }
}

const AT = '2026-01-01T00:00:00.000Z'
const TIMES_BEFORE = 3

function factsOf({ action, risk, parts, before, nonce }: QuestionParts): ReviewFacts {
  const { args, resource, request, schema, category, capabilities } = parts
  const precedents = Array.from({ length: TIMES_BEFORE }, (_, index) => ({
    ...{ proposalId: `prp_before_${index}`, decidedAt: AT, args: before, sensitive: [] },
  }))
  return {
    proposal: proposalOf({ action: action.name, risk, args, resource, nonce }),
    agent: { category, capabilities, maturity: 'intern' },
    action: { risk, capability: action.capability, idempotent: false, ceiling: 'autonomous', schema },
    field: 'on',
    context: { request },
    history: { decided: TIMES_BEFORE, approvedUnchanged: TIMES_BEFORE, edited: 0, rejected: 0, last: [] },
    precedents,
    same: [],
  }
}

interface ProposalParts {
  readonly action: string
  readonly risk: Risk
  readonly args: JsonObject
  readonly resource: string | null
  readonly nonce: string
}

/** A proposal that is in no store. */
function proposalOf({ action, risk, args, resource, nonce }: ProposalParts): ReviewFacts['proposal'] {
  const argsHash = hashCanonical(args)
  return {
    ...{
      id: `prp_${nonce}`,
      agent: 'measured',
      decisionId: 'dec',
      idempotencyKey: nonce,
      action,
      digest: 'none',
      risk,
    },
    ...{ source: 'ai_coordinator', type: null, resource, delegation: [], executor: 'caller', requiredApprovals: 1 },
    ...{ state: 'pending', version: 1, proposedBy: 'agent:measured', requestedHash: argsHash, decidedBy: [] },
    ...{ response: null, rejection: null, expiresAt: AT, createdAt: AT, runnableAt: null, assignedTo: null },
    ...{ acknowledgedBy: null, args, summary: null, preview: null, sensitive: [], argsHash },
    ...{ actionHash: sha256Hex(`measured ${nonce}`), nonce, policyVersion: 1, fingerprint: {} },
    versionBy: 'agent:measured',
  }
}
