import type { Span } from '@opentelemetry/api'
import { redactText } from '../errors/redact-text.ts'
import type { Decision } from '../port/decision.ts'

/** Says on a span what was decided: never with what args. */
export function describeDecision(span: Span, decision: Decision): void {
  span.setAttributes({
    'governance.decision.id': decision.id,
    'governance.action': redactText(decision.action),
    'governance.route': decision.route,
    'governance.level': decision.maturity ?? 'none',
    'governance.risk': decision.risk ?? 'none',
    'governance.source': decision.source,
    'governance.policy.version': decision.policyVersion,
    ...('code' in decision ? { 'governance.code': decision.code } : {}),
    'gen_ai.agent.id': decision.agent,
  })
}
