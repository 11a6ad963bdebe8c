import { APPROVAL_PATCHES } from './approval-patches.ts'
import { GATE_PATCHES } from './gate-patches.ts'
import type { Patch } from './patch.ts'
import { QUEUE_PATCHES } from './queue-patches.ts'
import { RECORD_PATCHES } from './record-patches.ts'
import { SUPERVISION_PATCHES } from './supervision-patches.ts'

/** The guards that are taken off, one at a time. */
export const PATCHES: readonly Patch[] = [
  ...GATE_PATCHES,
  ...RECORD_PATCHES,
  ...APPROVAL_PATCHES,
  ...SUPERVISION_PATCHES,
  ...QUEUE_PATCHES,
]
