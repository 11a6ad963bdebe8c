import type { ApprovalLinkRefusal, RefusedApprovalLink, Risk } from '@preceptor/client'

const SENTENCES: Readonly<Record<ApprovalLinkRefusal, string>> = {
  unknown: 'This link is not known here, or is too old.',
  used: 'This link was used before. Each link decides once.',
  expired: 'This link has expired.',
  changed: 'What was proposed has changed since this link was sent. A newer message has the present version.',
  decided: 'This has been decided already.',
  risk_too_high: 'What is of high or critical risk is decided in the dashboard only.',
  not_allowed: 'Whoever this link was sent to may not decide on this.',
  invalid: 'This is no decision that can be taken.',
}

/** A refusal, with a sentence of its own where more is known. */
export function refused(refusal: ApprovalLinkRefusal, message: string = SENTENCES[refusal]): RefusedApprovalLink {
  return { outcome: 'refused', refusal, message }
}

/** Whether a link may decide on what is of a risk. */
export function isWithinLinks(risk: Risk): boolean {
  return risk === 'safe' || risk === 'medium'
}
