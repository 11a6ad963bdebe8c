import type { SupervisionSessionDetail } from '@preceptor/client'

/** What every question about a session is given. */
export interface SessionDialogProps {
  readonly session: SupervisionSessionDetail
  readonly onClose: () => void
}
