import { type ConfidenceEntry, visibleText } from '@preceptor/client'
import type { Text } from '../text/use-text.ts'
import type { AGENT } from './agent-messages.ts'
import { causeOf, type ScoreCause } from './journey-model.ts'

const TEXTS = {
  registration: 'causeRegistration',
  training: 'causeTraining',
  approval: 'causeApproval',
  edit: 'causeEdit',
  failure: 'causeFailure',
  rejection: 'causeRejection',
  supervision: 'causeSupervision',
  termination: 'causeTermination',
  run: 'causeRun',
  incident: 'causeIncident',
  decay: 'causeDecay',
  promotion: 'causePromotion',
  demotion: 'causeDemotion',
} as const satisfies Readonly<Record<ScoreCause, keyof (typeof AGENT)['english']>>

/** Where a row of the ledger comes from, in words; a kind that is not known stands as it is. */
export function causeText(
  t: Text<keyof (typeof AGENT)['english']>,
  entry: Pick<ConfidenceEntry, 'kind' | 'requested'>,
): string {
  return causeName(t, { cause: causeOf(entry), kind: entry.kind })
}

/** The same of a sum of rows. */
export function causeName(
  t: Text<keyof (typeof AGENT)['english']>,
  { cause, kind }: { readonly cause: ScoreCause | null; readonly kind: string },
): string {
  return cause === null ? visibleText(kind) : t(TEXTS[cause])
}
