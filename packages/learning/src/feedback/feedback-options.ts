import { GovernanceError } from '@preceptor/client'
import type { RecordExists } from '../ports/feedback-ports.ts'

/** Options of feedback. */
export interface FeedbackOptions {
  /** Share of the examples that test playbooks and never stand in one, from 0 to below 1; default 0.3. */
  readonly heldOutShare?: number
  /** Days for which feedback is kept, 1 to 36,500; default: for good. Examples stay. */
  readonly keepDays?: number
  /** Whether a learning session that feedback is about is there; default: none is. */
  readonly recordExists?: RecordExists
}

/** The same, found valid. */
export interface ParsedFeedbackOptions {
  readonly heldOutShare: number
  /** Null keeps feedback for good. */
  readonly keepDays: number | null
  readonly recordExists: RecordExists
}

const HELD_OUT_SHARE = 0.3
const LONGEST_DAYS = 36_500

/** @throws GovernanceError `OPTION_INVALID` */
export function parseFeedbackOptions({
  heldOutShare = HELD_OUT_SHARE,
  keepDays,
  recordExists = async () => false,
}: FeedbackOptions): ParsedFeedbackOptions {
  if (!(heldOutShare >= 0 && heldOutShare < 1)) {
    throw invalid(`"heldOutShare" is ${heldOutShare}: a number from 0 to below 1 is needed`)
  }
  if (keepDays !== undefined && !(Number.isInteger(keepDays) && keepDays >= 1 && keepDays <= LONGEST_DAYS)) {
    throw invalid(`"keepDays" is ${keepDays}: a whole number from 1 to ${LONGEST_DAYS} is needed`)
  }
  return { heldOutShare, keepDays: keepDays ?? null, recordExists }
}

function invalid(problem: string): GovernanceError {
  return new GovernanceError('OPTION_INVALID', { message: `learning: option ${problem}.` })
}
