import { foundation } from './0001-foundation.ts'
import { approvals } from './0002-approvals.ts'
import { grants } from './0003-grants.ts'
import { reviewing } from './0004-reviewing.ts'
import { notifications } from './0005-notifications.ts'
import { previews } from './0006-previews.ts'
import { promotion } from './0007-promotion.ts'
import { training } from './0008-training.ts'
import { grantKeys } from './0009-grant-keys.ts'
import { presence } from './0016-presence.ts'
import { queue } from './0017-queue.ts'

/** The migrations of core, in the order in which they are applied. */
export const CORE_MIGRATIONS: readonly { readonly name: string; readonly sql: string }[] = [
  foundation,
  approvals,
  grants,
  reviewing,
  notifications,
  previews,
  promotion,
  training,
  grantKeys,
  presence,
  queue,
]
